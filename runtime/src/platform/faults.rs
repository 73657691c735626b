//! Accesses to memory that are not allowed there.
#![cfg_attr(all(target_os = "linux", not(miri)), expect(unsafe_code, reason = "handles signals"))]

use wasmtime::Store;

/// Has a store call a function at each access of its guest, or of the host's code for it, that
/// is not allowed: with the address, and where the code is that wanted it; that is 0 where it is
/// not known. If the function says `true`, the access is tried again; else wasmtime makes a trap
/// of it, or the process ends.
///
/// The function is called in the handler of a signal.
#[cfg(all(target_os = "linux", not(miri)))]
pub fn handle<T>(
    store: &mut Store<T>,
    handle: impl Fn(usize, usize) -> bool + Send + Sync + 'static,
) {
    use wasmtime::unix::StoreExt;
    // SAFETY: whoever gave the function sees to it that it does only what can be done there.
    unsafe {
        store.set_signal_handler(move |signal, info, context| {
            if signal != libc::SIGSEGV || info.is_null() {
                return false;
            }
            // SAFETY: the kernel has filled it in for this signal.
            let address = (*info).si_addr() as usize;
            handle(address, program_counter(context))
        });
    }
}

/// Nothing is mapped over a guest's memory, so no access can be told from any other. Miri has no
/// signals, and wasmtime no handlers there.
#[cfg(any(not(target_os = "linux"), miri))]
pub fn handle<T>(_: &mut Store<T>, _: impl Fn(usize, usize) -> bool + Send + Sync + 'static) {}

/// Where the signal came from; 0 where that is not known.
#[cfg(all(target_os = "linux", not(miri)))]
unsafe fn program_counter(context: *const libc::c_void) -> usize {
    if context.is_null() {
        return 0;
    }
    let context = context.cast::<libc::ucontext_t>();
    #[cfg(target_arch = "x86_64")]
    // SAFETY: the kernel passes a context of this type to handlers.
    let counter = unsafe { (*context).uc_mcontext.gregs[libc::REG_RIP as usize] as usize };
    #[cfg(target_arch = "aarch64")]
    // SAFETY: as above.
    let counter = unsafe { (*context).uc_mcontext.pc as usize };
    #[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
    let counter = {
        let _ = context;
        0
    };
    counter
}
