//! What a policy can call: `db.user(name)` and `db.count(user, action)`.

use crate::database::Database;
use crate::metrics::Metrics;
use luago::{Context, Module};
use std::sync::Arc;

/// The global table `db`. Its functions are asynchronous: while one waits, the thread
/// serves other requests, and other tasks of the same policy go on.
pub(crate) fn db(database: &Arc<Database>, metrics: &Arc<Metrics>) -> Module {
    let (users, counts) = (Arc::clone(database), Arc::clone(database));
    let (user_metrics, count_metrics) = (Arc::clone(metrics), Arc::clone(metrics));
    Module::new("db")
        .async_function("user", move |_: Context, name: String| {
            user_metrics.host_call("db.user");
            let database = Arc::clone(&users);
            async move { database.user(name).await }
        })
        .async_function("count", move |_: Context, (user, action): (String, String)| {
            count_metrics.host_call("db.count");
            let database = Arc::clone(&counts);
            async move { database.count(user, action).await }
        })
}
