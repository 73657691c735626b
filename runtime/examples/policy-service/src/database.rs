//! The database behind the functions `db.…` of a policy.
//!
//! SQLite blocks the thread that asks it, so each query runs on a thread for blocking
//! work and is awaited: the threads that serve requests never wait for a disk or a lock.

use rusqlite::{Connection, OpenFlags, OptionalExtension};
use serde::Serialize;
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::sleep;
use std::time::{Duration, Instant};
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;

/// How many queries run at the same time. Others wait in order, however many a policy
/// starts.
const CONNECTIONS: usize = 4;

/// How long a query waits while another process writes.
const BUSY: Duration = Duration::from_secs(1);

/// How long it waits before it tries again.
const RETRY: Duration = Duration::from_millis(5);

/// How many steps SQLite takes between two looks at whether anybody still waits for it.
const STEPS: i32 = 1000;

/// A file of users, and of what they have done, which is only read.
pub(crate) struct Database {
    path: PathBuf,
    idle: Mutex<Vec<Connection>>,
    places: Arc<Semaphore>,
}

/// Someone who may do something.
#[derive(Debug, Serialize)]
pub(crate) struct User {
    pub name: String,
    pub role: String,
    pub quota: i64,
}

/// Why a query has no result.
#[derive(Debug)]
pub(crate) enum DatabaseError {
    Sqlite(rusqlite::Error),
    /// The program is about to end, or a query panicked.
    NotRun,
}

/// Tells a query that nobody waits for it any more.
struct CancelOnDrop(Arc<AtomicBool>);

impl Database {
    /// Opens the file, and puts the first rows into it if it has no tables. Blocks.
    pub fn open(path: &Path) -> Result<Database, rusqlite::Error> {
        let connection = Connection::open(path)?;
        connection.busy_timeout(BUSY)?;
        if !connection.table_exists(None, "users")? {
            connection.execute_batch(include_str!("database.sql"))?;
        }
        Ok(Database {
            path: path.to_path_buf(),
            idle: Mutex::default(),
            places: Arc::new(Semaphore::new(CONNECTIONS)),
        })
    }

    /// The user of that name.
    pub async fn user(self: &Arc<Self>, name: String) -> Result<Option<User>, DatabaseError> {
        self.query(move |connection| {
            let sql = "SELECT name, role, quota FROM users WHERE name = ?1";
            let user = connection.query_row(sql, [name], |row| {
                Ok(User { name: row.get(0)?, role: row.get(1)?, quota: row.get(2)? })
            });
            user.optional()
        })
        .await
    }

    /// How often a user has done something.
    pub async fn count(
        self: &Arc<Self>,
        user: String,
        action: String,
    ) -> Result<i64, DatabaseError> {
        self.query(move |connection| {
            let sql = "SELECT count(*) FROM uses WHERE user = ?1 AND action = ?2";
            connection.query_row(sql, [user, action], |row| row.get(0))
        })
        .await
    }

    /// Runs a query on a thread for blocking work. Dropping the future, as a policy that
    /// has been stopped does, ends the query too.
    async fn query<T, F>(self: &Arc<Self>, query: F) -> Result<T, DatabaseError>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    {
        let place = Arc::clone(&self.places).acquire_owned().await;
        let place = place.map_err(|_| DatabaseError::NotRun)?;
        let database = Arc::clone(self);
        let is_cancelled = Arc::new(AtomicBool::new(false));
        let _cancel = CancelOnDrop(Arc::clone(&is_cancelled));
        let result = spawn_blocking(move || {
            let result = database.query_blocking(is_cancelled, query);
            drop(place);
            result
        });
        result.await.map_err(|_| DatabaseError::NotRun)?.map_err(DatabaseError::Sqlite)
    }

    fn query_blocking<T>(
        &self,
        is_cancelled: Arc<AtomicBool>,
        query: impl FnOnce(&Connection) -> rusqlite::Result<T>,
    ) -> rusqlite::Result<T> {
        let mut connection = self.connection()?;
        let began = Instant::now();
        let is_locked_out = {
            let is_cancelled = Arc::clone(&is_cancelled);
            move || is_cancelled.load(Ordering::Relaxed) || began.elapsed() > BUSY
        };
        connection.busy_handler(Some(move |_| {
            sleep(RETRY);
            !is_locked_out()
        }))?;
        connection.progress_handler(STEPS, Some(move || is_cancelled.load(Ordering::Relaxed)))?;
        let result = query(&connection);
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(connection);
        result
    }

    fn connection(&self) -> rusqlite::Result<Connection> {
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        if let Some(connection) = idle {
            return Ok(connection);
        }
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        Connection::open_with_flags(&self.path, flags)
    }
}

impl Drop for CancelOnDrop {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

impl fmt::Display for DatabaseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            DatabaseError::Sqlite(error) => write!(f, "the database cannot answer: {error}"),
            DatabaseError::NotRun => f.write_str("the query was not run to its end"),
        }
    }
}

impl std::error::Error for DatabaseError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            DatabaseError::Sqlite(error) => Some(error),
            DatabaseError::NotRun => None,
        }
    }
}

#[cfg(test)]
mod tests;
