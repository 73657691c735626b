//! What a copy of this process finds where its parent has something mapped.

use std::ops::Range;

/// Whether a copy of this process sees nothing but zeros in a range of addresses. It writes
/// there too, which the parent is not to see.
pub(crate) fn sees_zeros(range: Range<usize>) -> bool {
    // SAFETY: the copy only reads and writes memory, and ends.
    let child = unsafe { libc::fork() };
    if child == 0 {
        let mut sum = 0u64;
        for at in range {
            let byte = at as *mut u8;
            // SAFETY: the range is mapped, and can be read and written, in both processes.
            unsafe {
                sum += u64::from(byte.read_volatile());
                byte.write_volatile(0xee);
            }
        }
        // SAFETY: ends the copy without running anything of it.
        unsafe { libc::_exit(i32::from(sum != 0)) };
    }
    assert!(child > 0, "{}", std::io::Error::last_os_error());
    let mut status = 0;
    // SAFETY: waits for the copy that was made above.
    let waited = unsafe { libc::waitpid(child, &mut status, 0) };
    assert_eq!(waited, child);
    assert!(libc::WIFEXITED(status), "it ended with {status}");
    libc::WEXITSTATUS(status) == 0
}
