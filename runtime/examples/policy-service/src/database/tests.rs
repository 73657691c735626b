use super::*;
use tokio::time::timeout;

/// Counts for some minutes, if nobody stops it.
const SLOW: &str = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) \
                    SELECT count(*) FROM n WHERE i < 0";

fn database() -> (tempfile::TempDir, Arc<Database>) {
    let folder = tempfile::tempdir().unwrap();
    let database = Database::open(&folder.path().join("users.db")).unwrap();
    (folder, Arc::new(database))
}

#[tokio::test]
async fn the_first_rows_are_made_once() {
    let (folder, database) = database();
    let bo = database.user("bo".to_string()).await.unwrap().unwrap();
    assert_eq!((bo.name.as_str(), bo.role.as_str(), bo.quota), ("bo", "editor", 40));
    assert!(database.user("dee".to_string()).await.unwrap().is_none());

    let path = folder.path().join("users.db");
    Connection::open(&path).unwrap().execute("DELETE FROM uses WHERE user = 'bo'", []).unwrap();
    let again = Arc::new(Database::open(&path).unwrap());
    assert_eq!(again.count("bo".to_string(), "upload".to_string()).await.unwrap(), 0);
    assert_eq!(again.count("ana".to_string(), "upload".to_string()).await.unwrap(), 200);
}

#[tokio::test]
async fn a_query_cannot_write() {
    let (_folder, database) = database();
    let result = database.query(|connection| connection.execute("DELETE FROM users", [])).await;
    let error = result.unwrap_err().to_string();
    assert!(error.contains("readonly"), "{error}");
}

#[tokio::test]
async fn a_slow_query_holds_no_executor_thread() {
    // There is one thread, and it goes on while the query runs.
    let (_folder, database) = database();
    let slow = database.query(|connection| connection.query_row(SLOW, [], |_| Ok(())));
    assert!(timeout(Duration::from_millis(50), slow).await.is_err());
}

#[tokio::test]
async fn queries_that_wait_for_a_lock_end_when_nobody_waits_for_them() {
    let (folder, database) = database();
    let writer = Connection::open(folder.path().join("users.db")).unwrap();
    writer.execute_batch("BEGIN EXCLUSIVE").unwrap();
    for _ in 0..CONNECTIONS {
        let user = database.user("ana".to_string());
        assert!(timeout(Duration::from_millis(20), user).await.is_err());
    }
    writer.execute_batch("COMMIT").unwrap();
    assert!(database.user("ana".to_string()).await.unwrap().is_some());
}

#[tokio::test]
async fn a_lock_that_is_held_for_too_long_is_an_error() {
    let (folder, database) = database();
    let writer = Connection::open(folder.path().join("users.db")).unwrap();
    writer.execute_batch("BEGIN EXCLUSIVE").unwrap();
    let error = database.user("ana".to_string()).await.unwrap_err().to_string();
    assert!(error.contains("locked"), "{error}");
}

#[tokio::test]
async fn queries_that_nobody_waits_for_end_and_give_their_places_back() {
    let (_folder, database) = database();
    let slow = async || {
        let query = database.query(|connection| connection.query_row(SLOW, [], |_| Ok(())));
        assert!(timeout(Duration::from_millis(20), query).await.is_err());
    };
    let began = Instant::now();
    for _ in 0..2 {
        tokio::join!(slow(), slow(), slow(), slow(), slow());
    }
    while database.places.available_permits() < CONNECTIONS {
        assert!(began.elapsed() < Duration::from_secs(20), "a query still runs");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    assert!(database.user("ana".to_string()).await.unwrap().is_some());
    assert!(database.idle.lock().unwrap().len() <= CONNECTIONS);
}
