//! Two services in one process, with the settings that the program has, and a folder for
//! their files.

use crate::kinds::{CROWD, ONE, Service};
use luago::Engine;
use luago_policy_service::{Guest, Policy, Settings};
use luago_test_support::folders::compile_cache;
use luago_test_support::go_build;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tempfile::TempDir;
use tokio::net::TcpListener;

const MIX: &str = include_str!("mix.lua");

/// The deadline of the strict service, and the time that its Go guests may compute.
pub const DEADLINE: Duration = Duration::from_millis(200);

/// The same of the patient one; no machine is so busy that what ends takes longer.
const PATIENCE: Duration = Duration::from_secs(20);

/// A service that runs.
pub struct Running {
    pub address: SocketAddr,
    pub policy: Arc<Policy>,
}

pub struct Services {
    patient: Running,
    strict: Running,
    folder: TempDir,
}

impl Services {
    pub async fn start() -> Services {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("data");
        std::fs::create_dir(&data).unwrap();
        for number in 0..20 {
            std::fs::write(data.join(format!("file{number}")), "text of a file").unwrap();
        }
        std::fs::write(folder.path().join("policy.lua"), MIX).unwrap();
        let settings = settings(folder.path(), Service::Patient);
        // Both services are in one engine, as they are in one process.
        let engine = Engine::builder().max_sandboxes(2 * settings.pool_size as u32 + 2);
        let engine = engine.cache_dir(compile_cache()).build().unwrap();
        let patient = run(&engine, settings).await;
        let strict = run(&engine, self::settings(folder.path(), Service::Strict)).await;
        Services { patient, strict, folder }
    }

    pub fn get(&self, service: Service) -> &Running {
        match service {
            Service::Patient => &self.patient,
            Service::Strict => &self.strict,
        }
    }

    pub fn in_use(&self) -> usize {
        self.patient.policy.in_use() + self.strict.policy.in_use()
    }

    /// Puts another version in the place of the policy, now and then one that does not load.
    pub fn change_policy(&self, number: u64) {
        let source = match number % 4 {
            0 => format!("{MIX}\nerror('version {number}')"),
            _ => format!("{MIX}\n-- version {number}"),
        };
        let draft = self.folder.path().join("draft");
        std::fs::write(&draft, source).unwrap();
        std::fs::rename(&draft, self.folder.path().join("policy.lua")).unwrap();
    }
}

/// What the program chooses, with room for what is asked: files, segments and Go guests. Only
/// times are longer where an answer is to be right on a busy machine.
fn settings(folder: &Path, service: Service) -> Settings {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let sdk = root.join("../../../guests/go/luago");
    let wasm = go_build(&root.join("guests/trouble"), &[&sdk]);
    let (deadline, busy) = match service {
        Service::Patient => (PATIENCE, PATIENCE),
        Service::Strict => (DEADLINE, DEADLINE / 4),
    };
    let mut guests = [ONE, CROWD].map(|name| Guest::new(name, &wasm));
    for guest in &mut guests {
        guest.grant = guest.grant.clone().busy(busy);
    }
    guests[1].grant = guests[1].grant.clone().workers(2);
    Settings {
        deadline,
        wait: PATIENCE,
        pool_size: 8,
        segments: 1 << 20,
        data: Some(folder.join("data")),
        guests: guests.into(),
        ..Settings::new(folder.join("policy.lua"), folder.join("users.db"))
    }
}

async fn run(engine: &Engine, settings: Settings) -> Running {
    let service = luago_policy_service::Service::start(engine, settings).await.unwrap();
    let policy = service.policy();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    // Until the process ends.
    tokio::spawn(service.serve(listener, std::future::pending()));
    Running { address, policy }
}
