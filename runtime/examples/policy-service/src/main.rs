//! The program: options, logs and signals around the service.

use anyhow::Context;
use bytesize::ByteSize;
use clap::Parser;
use luago_policy_service::{Guest, Service, Settings, runtime};
use std::io::IsTerminal;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;
use tokio::net::TcpListener;
use tracing_subscriber::filter::LevelFilter;

/// Answers over HTTP whether a Lua policy allows a request.
#[derive(Parser)]
struct Args {
    /// The Lua file with the function `check`; it is loaded again when it changes.
    policy: PathBuf,
    /// The SQLite file, which is made with some rows if it is not there.
    #[arg(long, default_value = "policy-service.db")]
    database: PathBuf,
    /// Where to listen.
    #[arg(long, default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
    /// How many requests may run Lua at the same time.
    #[arg(long, default_value_t = 64)]
    pool: usize,
    /// How long a request waits for its turn.
    #[arg(long, default_value = "500ms", value_parser = humantime::parse_duration)]
    wait: Duration,
    /// How long the policy may take for a request.
    #[arg(long, default_value = "100ms", value_parser = humantime::parse_duration)]
    deadline: Duration,
    /// How much memory a sandbox may have.
    #[arg(long, default_value = "16MiB")]
    memory: ByteSize,
    /// How often the policy's file is looked at.
    #[arg(long, default_value = "250ms", value_parser = humantime::parse_duration)]
    poll: Duration,
    /// A folder that the policy sees as /data, to read.
    #[arg(long)]
    data: Option<PathBuf>,
    /// A Go program that the policy may call, as NAME=FILE.wasm.
    #[arg(long, value_parser = guest)]
    guest: Vec<Guest>,
    /// Where machine code is kept, so that only the first start compiles.
    #[arg(long)]
    cache: Option<PathBuf>,
    /// How long requests may take to end after the first Ctrl-C.
    #[arg(long, default_value = "10s", value_parser = humantime::parse_duration)]
    drain: Duration,
    /// What is logged: error, warn, info, debug, trace or off.
    #[arg(long, default_value = "info")]
    log: LevelFilter,
}

fn main() -> anyhow::Result<()> {
    let args = Args::parse();
    tracing_subscriber::fmt()
        .with_max_level(args.log)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal())
        .init();
    runtime()?.block_on(run(args))
}

async fn run(args: Args) -> anyhow::Result<()> {
    let settings = Settings {
        pool_size: args.pool,
        wait: args.wait,
        deadline: args.deadline,
        memory: args.memory.as_u64(),
        poll: args.poll,
        data: args.data,
        guests: args.guest,
        cache: args.cache,
        drain: args.drain,
        ..Settings::new(args.policy, args.database)
    };
    let engine = settings.engine()?;
    let service = Service::start(&engine, settings).await?;
    let listener = TcpListener::bind(args.listen)
        .await
        .with_context(|| format!("cannot listen on {}", args.listen))?;
    tracing::info!("listening on {}", listener.local_addr()?);

    let (asked, shutdown) = tokio::sync::oneshot::channel();
    tokio::spawn(async move {
        asked_to_stop().await;
        tracing::info!("answering what has been asked; a second Ctrl-C ends at once");
        let _ = asked.send(());
    });
    tokio::select! {
        result = service.serve(listener, async { drop(shutdown.await) }) => Ok(result?),
        () = asked_twice() => anyhow::bail!("ended before everything was answered"),
    }
}

fn guest(text: &str) -> Result<Guest, String> {
    let (name, wasm) = text.split_once('=').ok_or("a guest is NAME=FILE.wasm")?;
    Ok(Guest::new(name, wasm))
}

async fn asked_twice() {
    asked_to_stop().await;
    asked_to_stop().await;
}

/// Until Ctrl-C, or the signal of a service manager.
#[cfg(unix)]
async fn asked_to_stop() {
    use tokio::signal::unix::{SignalKind, signal};
    match signal(SignalKind::terminate()) {
        Ok(mut terminate) => tokio::select! {
            _ = tokio::signal::ctrl_c() => {}
            _ = terminate.recv() => {}
        },
        Err(_) => drop(tokio::signal::ctrl_c().await),
    }
}

/// Until Ctrl-C. Service managers of Windows speak otherwise.
#[cfg(not(unix))]
async fn asked_to_stop() {
    drop(tokio::signal::ctrl_c().await);
}
