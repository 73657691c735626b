//! Runs scripts as it is told, each in a process of its own: whatever native Lua
//! does, the next script starts from the same state.

use crate::allocator::Memory;
use crate::interpreter::{self, Script};
use crate::pipes::Pipes;
use crate::protocol::{End, Request, Response};
use std::fs::File;
use std::io;
use std::os::fd::{AsRawFd, OwnedFd};
use std::os::unix::process::ExitStatusExt;
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
    let (stdin, stdout, stderr) = (io::pipe()?, io::pipe()?, io::pipe()?);
    shared.memory.used.store(0, Ordering::Relaxed);
    shared.memory.peak.store(0, Ordering::Relaxed);
    shared.memory.refused.store(0, Ordering::Relaxed);
    shared.memory.limit.store(request.memory, Ordering::Relaxed);
    shared.out_of_memory.store(0, Ordering::Relaxed);
    shared.ended.store(0, Ordering::Relaxed);
    let start = Instant::now();
    // SAFETY: there is one thread, and so the child may do what it likes.
    let child = unsafe { libc::fork() };
    match child {
        -1 => return Err(io::Error::last_os_error()),
        0 => {
            // Standard input would never end while this process could write to it.
            drop((stdin.1, stdout.0, stderr.0));
            child_main(request, shared, [stdin.0.into(), stdout.1.into(), stderr.1.into()])
        }
        _ => {}
    }
    drop((stdin.0, stdout.1, stderr.1));
    let pipes = Pipes {
        stdin: Some(File::from(OwnedFd::from(stdin.1))),
        input: &request.stdin,
        outputs: [
            Some(File::from(OwnedFd::from(stdout.0))),
            Some(File::from(OwnedFd::from(stderr.0))),
        ],
        bytes: [Vec::new(), Vec::new()],
        limit: request.output,
    };
    let (status, [stdout, stderr], too_much) = pipes.carry(child)?;
    let total = start.elapsed().as_nanos() as u64;
    let out_of_memory = shared.out_of_memory.load(Ordering::Relaxed) != 0;
    let end = match (status.code(), status.signal()) {
        _ if too_much => End::Output,
        (Some(_), _) if out_of_memory => End::Memory,
        (Some(code), _) => End::Exit(code),
        (None, Some(libc::SIGALRM)) => End::Time,
        (None, signal) => End::Signal(signal.unwrap_or_default()),
    };
    let ended = shared.ended.load(Ordering::Relaxed) as usize;
    Ok(Response {
        end,
        stdout,
        stderr,
        walls: shared.walls[..ended.min(MAX_ROUNDS)]
            .iter()
            .map(|wall| wall.load(Ordering::Relaxed))
            .collect(),
        total,
        peak_memory: shared.memory.peak.load(Ordering::Relaxed),
    })
}

/// The life of the process that runs the script.
fn child_main(request: &Request, shared: &Shared, streams: [OwnedFd; 3]) -> ! {
    // SAFETY: this process has one thread and runs nothing but the script; the
    // structures are initialised, and `exit` flushes what C code has written.
    unsafe {
        libc::prctl(libc::PR_SET_PDEATHSIG, libc::SIGKILL);
        // Rust ignores the first and handles the others.
        for signal in [libc::SIGPIPE, libc::SIGSEGV, libc::SIGBUS] {
            libc::signal(signal, libc::SIG_DFL);
        }
        for (to, from) in (0..).zip(&streams) {
            if libc::dup2(from.as_raw_fd(), to) == -1 {
                libc::_exit(125);
            }
        }
        set_limit(libc::RLIMIT_CORE, 0);
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
                // A script can raise the same error itself.
                let refused = memory.is_none_or(|one| one.refused.load(Ordering::Relaxed) != 0);
                let out_of_memory = ran.out_of_memory && refused;
                shared.out_of_memory.store(u64::from(out_of_memory), Ordering::Relaxed);
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
