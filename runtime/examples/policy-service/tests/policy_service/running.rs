//! A service that runs for a test.

use crate::client::Client;
use luago::Engine;
use luago_policy_service::{Service, Settings};
use luago_test_support::folders::compile_cache;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::OnceLock;
use std::time::{Duration, Instant};
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::sync::{RwLock, RwLockReadGuard, RwLockWriteGuard, oneshot};
use tokio::task::JoinHandle;

/// Acts on the action that is asked for.
pub const BEHAVIOUR: &str = include_str!("behaviour.lua");

/// Tests that load the machine have it for themselves.
static MACHINE: RwLock<()> = RwLock::const_new(());

enum Share {
    Alone(#[expect(dead_code, reason = "held")] RwLockWriteGuard<'static, ()>),
    Shared(#[expect(dead_code, reason = "held")] RwLockReadGuard<'static, ()>),
}

/// Runs a test on the executor that the program has, with several threads.
pub fn on_workers(test: impl Future<Output = ()>) {
    luago_policy_service::runtime().unwrap().block_on(test);
}

pub struct Running {
    pub address: SocketAddr,
    pub policy: PathBuf,
    pub database: PathBuf,
    stop: oneshot::Sender<()>,
    task: JoinHandle<std::io::Result<()>>,
    _folder: TempDir,
    _share: Share,
}

/// One engine for all tests, as a process has.
fn engine() -> &'static Engine {
    static ENGINE: OnceLock<Engine> = OnceLock::new();
    ENGINE.get_or_init(|| {
        Engine::builder().max_sandboxes(200).cache_dir(compile_cache()).build().unwrap()
    })
}

impl Running {
    pub async fn start(policy: &str, change: impl FnOnce(&mut Settings)) -> Running {
        let share = Share::Shared(MACHINE.read().await);
        Running::with_share(share, policy, change).await
    }

    pub async fn start_alone(policy: &str, change: impl FnOnce(&mut Settings)) -> Running {
        let share = Share::Alone(MACHINE.write().await);
        Running::with_share(share, policy, change).await
    }

    async fn with_share(share: Share, policy: &str, change: impl FnOnce(&mut Settings)) -> Running {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("policy.lua");
        let database = folder.path().join("users.db");
        std::fs::write(&path, policy).unwrap();
        let mut settings = Settings {
            // A machine that is busy with other things is to change no answer.
            deadline: Duration::from_secs(10),
            wait: Duration::from_secs(30),
            poll: Duration::from_millis(10),
            ..Settings::new(&path, &database)
        };
        change(&mut settings);
        let service = Service::start(engine(), settings).await.unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel();
        let task = tokio::spawn(service.serve(listener, async { drop(stopped.await) }));
        Running { address, policy: path, database, stop, task, _folder: folder, _share: share }
    }

    pub async fn client(&self) -> Client {
        Client::new(self.address).await
    }

    /// Puts another version in the place of the policy, as an editor does.
    pub fn change_policy(&self, source: &str) {
        let draft = self.policy.with_extension("draft");
        std::fs::write(&draft, source).unwrap();
        std::fs::rename(&draft, &self.policy).unwrap();
    }

    /// Waits until a metric has a value.
    pub async fn until(&self, metric: &str, value: f64) {
        let mut client = self.client().await;
        let began = Instant::now();
        loop {
            let now = client.metric(metric).await;
            if now == value {
                return;
            }
            assert!(now < value || value == 0.0, "{metric} is {now}, which is past {value}");
            assert!(began.elapsed() < Duration::from_secs(30), "{metric} is {now}, not {value}");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    /// Asks the service to end.
    pub fn stop(self) -> JoinHandle<std::io::Result<()>> {
        self.stop.send(()).unwrap();
        self.task
    }
}
