//! Takes over a new version of the policy's file.
//!
//! The file is read every so often, because that works on every file system, through
//! symbolic links and renames, and tells a change for sure; a policy is a few kilobytes.

use crate::loader::{LoadError, Loader};
use crate::policy::Policy;
use crate::settings::Settings;
use std::fs::File;
use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use tokio::task::spawn_blocking;
use tokio::time::{MissedTickBehavior, interval};

/// What the file was when it was looked at.
type Seen = Result<Vec<u8>, ErrorKind>;

/// Looks after the file for as long as the service runs.
pub(crate) struct Watcher {
    path: PathBuf,
    /// The most bytes that are read of it.
    most: u64,
    loader: Loader,
    policy: Arc<Policy>,
    /// What the policy was made of, or what could not be made a policy.
    tried: Seen,
    /// What was there a moment ago. A file that two looks find the same is not one that
    /// is just being written.
    before: Seen,
}

impl Watcher {
    pub fn new(
        settings: &Settings,
        source: Vec<u8>,
        loader: Loader,
        policy: Arc<Policy>,
    ) -> Watcher {
        let (tried, before) = (Ok(source.clone()), Ok(source));
        let (path, most) = (settings.policy.clone(), settings.policy_bytes);
        Watcher { path, most, loader, policy, tried, before }
    }

    pub async fn run(mut self, every: Duration) {
        let mut ticks = interval(every);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            ticks.tick().await;
            self.look().await;
        }
    }

    async fn look(&mut self) {
        let now = read(&self.path, self.most).await.map_err(|error| error.kind());
        let is_settled = now == self.before;
        if is_settled && now != self.tried {
            self.tried = now.clone();
            let result = self.replace(&now).await;
            let path = self.path.display();
            match &result {
                Ok(()) => tracing::info!("{path} has changed and is in use"),
                Err(error) => {
                    tracing::error!("{path} has changed; the old one stays: {}", whole(error))
                }
            }
            self.loader.metrics.reloaded(result.is_ok());
        }
        self.before = now;
    }

    async fn replace(&self, seen: &Seen) -> Result<(), LoadError> {
        let source =
            seen.clone().map_err(|kind| LoadError::Read(self.path.clone(), kind.into()))?;
        let loaded = self.loader.load(chunk_name(&self.path), source).await?;
        self.policy.replace(loaded);
        Ok(())
    }
}

/// The file, unless it is longer than so many bytes.
pub(crate) async fn read(path: &Path, most: u64) -> std::io::Result<Vec<u8>> {
    let path = path.to_path_buf();
    let reading = spawn_blocking(move || {
        let mut source = Vec::new();
        File::open(path)?.take(most.saturating_add(1)).read_to_end(&mut source)?;
        match source.len() as u64 > most {
            true => Err(ErrorKind::FileTooLarge.into()),
            false => Ok(source),
        }
    });
    reading.await.unwrap_or_else(|error| Err(std::io::Error::other(error)))
}

/// An error with its causes, on one line.
fn whole(error: &LoadError) -> String {
    let mut text = error.to_string();
    if let LoadError::Read(_, cause) = error {
        text += &format!(": {cause}");
    }
    text
}

/// What the policy is called in messages, which clients may see: no folders.
pub(crate) fn chunk_name(path: &Path) -> String {
    path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
}
