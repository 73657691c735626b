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
pub struct Failure {
    pub(crate) outcome: Outcome,
    status: StatusCode,
    message: String,
}

#[derive(Serialize)]
struct Body<'a> {
    error: &'a str,
    message: &'a str,
}

impl Failure {
    /// Of an error the message, not the traceback, which is for the log only; and no more of
    /// it than so many bytes.
    pub(crate) fn new(error: &luago::Error, most: usize) -> Failure {
        let outcome = Outcome::of(error);
        let message = match (error.lua_error(), error.stop()) {
            (Some(error), _) => error.message.clone(),
            (_, Some(stop)) => stop.to_string(),
            _ => error.to_string(),
        };
        Failure { outcome, status: outcome.status(), message: cut(&message, most).to_string() }
    }

    /// Its name in answers and metrics, such as `deadline`.
    pub fn kind(&self) -> &'static str {
        self.outcome.name()
    }

    /// What is said of it.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// No sandbox has become free in time.
    pub(crate) fn busy() -> Failure {
        Failure {
            outcome: Outcome::Busy,
            status: Outcome::Busy.status(),
            message: "all sandboxes are in use".to_string(),
        }
    }
}

/// For errors that no policy has a hand in.
impl From<luago::Error> for Failure {
    fn from(error: luago::Error) -> Failure {
        match error.is_busy() {
            true => Failure::busy(),
            false => Failure::new(&error, usize::MAX),
        }
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

/// No more of a text than so many bytes.
pub(crate) fn cut(text: &str, most: usize) -> &str {
    &text[..text.floor_char_boundary(most)]
}
