//! The parts put together, and what they answer.

use crate::access::{Request, Verdict};
use crate::answer::Failure;
use crate::database::Database;
use crate::loader::{LoadError, Loader};
use crate::metrics::Metrics;
use crate::outcome::Outcome;
use crate::policy::Policy;
use crate::reload::{Watcher, chunk_name, read};
use crate::settings::Settings;
use axum::extract::rejection::JsonRejection;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use luago::Engine;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::spawn_blocking;
use tokio::time::sleep;

/// How long interrupted policies have to end, and their answers to be sent.
const INTERRUPTED: Duration = Duration::from_millis(200);

/// What Prometheus asks for.
const OPEN_METRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// The service, ready to serve.
pub struct Service {
    policy: Arc<Policy>,
    watcher: Watcher,
    settings: Arc<Settings>,
}

/// Why the service cannot start.
#[derive(Debug)]
#[non_exhaustive]
pub enum StartError {
    /// The database cannot be opened.
    Database(Box<dyn std::error::Error + Send + Sync>),
    /// The policy cannot be loaded.
    Policy(LoadError),
    /// A setting cannot work.
    Setting(luago::Error),
}

impl Service {
    /// Opens the database, compiles guests and loads the policy. Here a policy that does not
    /// load is an error, as there is no older one.
    ///
    /// # Errors
    ///
    /// What of it failed.
    pub async fn start(engine: &Engine, settings: Settings) -> Result<Service, StartError> {
        let settings = Arc::new(settings);
        let path = settings.database.clone();
        let database = spawn_blocking(move || Database::open(&path)).await;
        let database = database
            .map_err(|error| StartError::Database(error.into()))?
            .map_err(|error| StartError::Database(error.into()))?;
        let metrics = Arc::new(Metrics::new());
        let preparing = {
            let (engine, settings) = (engine.clone(), Arc::clone(&settings));
            let metrics = Arc::clone(&metrics);
            spawn_blocking(move || Loader::prepare(&engine, &settings, database, &metrics))
        };
        let loader = preparing.await.map_err(|_| LoadError::NotRun)?;
        let loader = loader.map_err(StartError::Setting)?;
        let source = read(&settings.policy, settings.policy_bytes)
            .await
            .map_err(|error| LoadError::Read(settings.policy.clone(), error))?;
        let loaded = loader.load(chunk_name(&settings.policy), source.clone()).await?;
        let policy = Policy::new(loaded, &settings, metrics).map_err(StartError::Setting)?;
        let policy = Arc::new(policy);
        let watcher = Watcher::new(&settings, source, loader, Arc::clone(&policy));
        Ok(Service { policy, watcher, settings })
    }

    /// The policy, to be asked without HTTP.
    pub fn policy(&self) -> Arc<Policy> {
        Arc::clone(&self.policy)
    }

    /// Serves until `shutdown` ends, and then answers what has been asked. What is not
    /// answered after [`drain`](Settings::drain) is interrupted.
    ///
    /// # Errors
    ///
    /// A listener that does not work.
    pub async fn serve(
        self,
        listener: TcpListener,
        shutdown: impl Future<Output = ()> + Send + 'static,
    ) -> std::io::Result<()> {
        let watching = tokio::spawn(self.watcher.run(self.settings.poll));
        let policy = Arc::clone(&self.policy);
        let router = Router::new()
            .route("/check", post(check))
            .route("/metrics", get(metrics))
            .route("/healthz", get(async || "ok"))
            .layer(DefaultBodyLimit::max(self.settings.request_bytes))
            .with_state(self.policy);
        let (asked, is_asked) = oneshot::channel();
        let serving = axum::serve(listener, router).with_graceful_shutdown(async {
            shutdown.await;
            let _ = asked.send(());
        });
        let drained = async {
            match is_asked.await {
                Ok(()) => sleep(self.settings.drain).await,
                // It serves no more, and is about to say so.
                Err(_) => std::future::pending().await,
            }
            policy.interrupt();
            sleep(INTERRUPTED).await;
        };
        let result = tokio::select! {
            result = serving => result,
            () = drained => Ok(()),
        };
        watching.abort();
        result
    }
}

async fn check(
    State(policy): State<Arc<Policy>>,
    request: Result<Json<Request>, JsonRejection>,
) -> Result<Json<Verdict>, Failure> {
    let observation = policy.metrics.observe();
    let result = match request {
        Ok(Json(request)) => policy.check(&request).await,
        Err(rejection) => Err(Failure::from(rejection)),
    };
    observation.end(match &result {
        Ok(Verdict { allow: true, .. }) => Outcome::Allowed,
        Ok(Verdict { allow: false, .. }) => Outcome::Denied,
        Err(failure) => failure.outcome,
    });
    result.map(Json)
}

async fn metrics(State(policy): State<Arc<Policy>>) -> Response {
    match policy.metrics.text(policy.in_use()) {
        Ok(text) => ([(CONTENT_TYPE, OPEN_METRICS)], text).into_response(),
        Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response(),
    }
}

impl From<LoadError> for StartError {
    fn from(error: LoadError) -> StartError {
        StartError::Policy(error)
    }
}

impl fmt::Display for StartError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            StartError::Database(error) => write!(f, "cannot open the database: {error}"),
            StartError::Policy(error) => write!(f, "{error}"),
            StartError::Setting(error) => write!(f, "{error}"),
        }
    }
}

impl std::error::Error for StartError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            StartError::Database(error) => Some(&**error),
            StartError::Policy(error) => Some(error),
            StartError::Setting(error) => Some(error),
        }
    }
}
