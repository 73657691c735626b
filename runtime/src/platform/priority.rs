//! How much a thread gets of a processor that others want as well.

/// Where Linux has niceness for each thread, this one gets a tenth of what others do.
#[cfg(target_os = "linux")]
pub fn lower() {
    // It is a wish: without it the thread is as important as others.
    let _ = rustix::process::setpriority_process(Some(rustix::thread::gettid()), 10);
}

#[cfg(not(target_os = "linux"))]
pub fn lower() {}
