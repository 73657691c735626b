//! Runs scripts as it is told, each in a process of its own: whatever native Lua
//! does, the next script starts from the same state.

use crate::allocator::Memory;
use crate::interpreter::{self, Script};
use crate::protocol::{End, Request, Response};
use libc::c_int;
use std::ffi::CStr;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::os::fd::{AsRawFd, FromRawFd};
use std::os::unix::process::ExitStatusExt;
use std::process::ExitStatus;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

/// Rounds of one request that are timed.
const MAX_ROUNDS: usize = 1024;

/// What a script's process tells even when it is killed.
#[repr(C)]
struct Shared {
    memory: Memory,
    out_of_memory: AtomicU64,
    ended: AtomicU64,
    walls: [AtomicU64; MAX_ROUNDS],
}

/// Answers requests until standard input ends.
pub fn serve() -> io::Result<()> {
    let shared = map_shared()?;
    let mut input = io::stdin().lock();
    let mut output = io::BufWriter::new(io::stdout().lock());
    while let Some(request) = Request::read(&mut input)? {
        run(&request, shared)?.write(&mut output)?;
    }
    Ok(())
}

fn map_shared() -> io::Result<&'static Shared> {
    // SAFETY: new pages of zeros, never unmapped; all fields are atomics.
    unsafe {
        let page = libc::mmap(
            std::ptr::null_mut(),
            size_of::<Shared>(),
            libc::PROT_READ | libc::PROT_WRITE,
            libc::MAP_SHARED | libc::MAP_ANONYMOUS,
            -1,
            0,
        );
        if page == libc::MAP_FAILED {
            return Err(io::Error::last_os_error());
        }
        Ok(&*page.cast::<Shared>())
    }
}

fn run(request: &Request, shared: &'static Shared) -> io::Result<Response> {
    let (mut stdin, mut stdout, mut stderr) = (file(c"stdin")?, file(c"stdout")?, file(c"stderr")?);
    stdin.write_all(&request.stdin)?;
    stdin.seek(SeekFrom::Start(0))?;
    shared.memory.used.store(0, Ordering::Relaxed);
    shared.memory.peak.store(0, Ordering::Relaxed);
    shared.memory.limit.store(request.memory, Ordering::Relaxed);
    shared.out_of_memory.store(0, Ordering::Relaxed);
    shared.ended.store(0, Ordering::Relaxed);
    let start = Instant::now();
    // SAFETY: there is one thread, and so the child may do what it likes.
    let child = unsafe { libc::fork() };
    match child {
        -1 => return Err(io::Error::last_os_error()),
        0 => child_main(request, shared, [&stdin, &stdout, &stderr]),
        _ => {}
    }
    let mut status: c_int = 0;
    // SAFETY: `status` is where the status goes.
    while unsafe { libc::waitpid(child, &raw mut status, 0) } == -1 {
        let error = io::Error::last_os_error();
        if error.kind() != io::ErrorKind::Interrupted {
            return Err(error);
        }
    }
    let total = start.elapsed().as_nanos() as u64;
    let status = ExitStatus::from_raw(status);
    let end = match (status.code(), status.signal()) {
        (Some(_), _) if shared.out_of_memory.load(Ordering::Relaxed) != 0 => End::Memory,
        (Some(code), _) => End::Exit(code),
        (None, Some(libc::SIGALRM)) => End::Time,
        (None, Some(libc::SIGXFSZ)) => End::Output,
        (None, signal) => End::Signal(signal.unwrap_or_default()),
    };
    let ended = shared.ended.load(Ordering::Relaxed) as usize;
    Ok(Response {
        end,
        stdout: contents(&mut stdout)?,
        stderr: contents(&mut stderr)?,
        walls: shared.walls[..ended.min(MAX_ROUNDS)]
            .iter()
            .map(|wall| wall.load(Ordering::Relaxed))
            .collect(),
        total,
        peak_memory: shared.memory.peak.load(Ordering::Relaxed),
    })
}

/// A file without a name, in memory.
fn file(name: &CStr) -> io::Result<File> {
    // SAFETY: the descriptor is new and belongs to nobody else.
    unsafe {
        let descriptor = libc::memfd_create(name.as_ptr(), libc::MFD_CLOEXEC);
        if descriptor == -1 {
            return Err(io::Error::last_os_error());
        }
        Ok(File::from_raw_fd(descriptor))
    }
}

fn contents(file: &mut File) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    file.seek(SeekFrom::Start(0))?;
    file.read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// The life of the process that runs the script.
fn child_main(request: &Request, shared: &Shared, streams: [&File; 3]) -> ! {
    // SAFETY: this process has one thread and runs nothing but the script; the
    // structures are initialised, and `exit` flushes what C code has written.
    unsafe {
        libc::prctl(libc::PR_SET_PDEATHSIG, libc::SIGKILL);
        for (to, from) in (0..).zip(streams) {
            if libc::dup2(from.as_raw_fd(), to) == -1 {
                libc::_exit(125);
            }
        }
        set_limit(libc::RLIMIT_CORE, 0);
        set_limit(libc::RLIMIT_FSIZE, request.output.max(1));
        if !request.folder.is_empty() {
            let mut folder = request.folder.clone();
            folder.push(0);
            if libc::chdir(folder.as_ptr().cast()) == -1 {
                libc::_exit(125);
            }
        }
        let timer = libc::itimerval {
            it_interval: libc::timeval { tv_sec: 0, tv_usec: 0 },
            it_value: libc::timeval {
                tv_sec: (request.time / 1000) as libc::time_t,
                tv_usec: (request.time % 1000 * 1000) as libc::suseconds_t,
            },
        };
        libc::setitimer(libc::ITIMER_REAL, &raw const timer, std::ptr::null_mut());
        let script = Script {
            program: b"lua".to_vec(),
            name: request.name.clone(),
            code: request.code.clone(),
            args: request.args.clone(),
        };
        let memory = (request.memory != 0).then_some(&shared.memory);
        let mut code = 0;
        for round in 0..request.rounds.max(1) as usize {
            let start = Instant::now();
            let ran = interpreter::run(&script, memory);
            if let Some(wall) = shared.walls.get(round) {
                wall.store(start.elapsed().as_nanos() as u64, Ordering::Relaxed);
                shared.ended.store(round as u64 + 1, Ordering::Relaxed);
            }
            if !ran.ok {
                shared.out_of_memory.store(u64::from(ran.out_of_memory), Ordering::Relaxed);
                code = 1;
                break;
            }
        }
        libc::exit(code)
    }
}

unsafe fn set_limit(what: libc::__rlimit_resource_t, value: u64) {
    let limit = libc::rlimit { rlim_cur: value, rlim_max: value };
    // SAFETY: the structure is initialised.
    unsafe {
        libc::setrlimit(what, &raw const limit);
    }
}
