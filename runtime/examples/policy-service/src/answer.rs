//! What a client gets when there is no verdict.

use crate::outcome::Outcome;
use axum::Json;
use axum::extract::rejection::JsonRejection;
use axum::http::StatusCode;
use axum::http::header::RETRY_AFTER;
use axum::response::{IntoResponse, Response};
use serde::Serialize;

/// Why there is no verdict, as a client may know it.
#[derive(Debug)]
pub(crate) struct Failure {
    pub outcome: Outcome,
    status: StatusCode,
    message: String,
}

#[derive(Serialize)]
struct Body<'a> {
    error: &'a str,
    message: &'a str,
}

impl Failure {
    /// No sandbox has become free in time.
    pub fn busy() -> Failure {
        Failure {
            outcome: Outcome::Busy,
            status: Outcome::Busy.status(),
            message: "all sandboxes are in use".to_string(),
        }
    }
}

impl From<luago::Error> for Failure {
    /// The traceback is for the log only.
    fn from(error: luago::Error) -> Failure {
        let outcome = Outcome::of(&error);
        let message = match (error.lua_error(), error.stop()) {
            (Some(error), _) => error.message.clone(),
            (_, Some(stop)) => stop.to_string(),
            _ => error.to_string(),
        };
        Failure { outcome, status: outcome.status(), message }
    }
}

impl From<JsonRejection> for Failure {
    fn from(rejection: JsonRejection) -> Failure {
        Failure {
            outcome: Outcome::Rejected,
            status: rejection.status(),
            message: rejection.body_text(),
        }
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let body = Json(Body { error: self.outcome.name(), message: &self.message });
        let mut response = (self.status, body).into_response();
        if self.outcome == Outcome::Busy {
            response.headers_mut().insert(RETRY_AFTER, 1.into());
        }
        response
    }
}
