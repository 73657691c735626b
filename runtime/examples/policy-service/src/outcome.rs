//! The ways in which a request can end, in one list for answers and metrics.

use axum::http::StatusCode;
use luago::{End, Error, Stop};

/// How a request ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    Allowed,
    Denied,
    /// The body was not a request.
    Rejected,
    /// The policy raised an error.
    LuaError,
    /// The policy gave something that is no verdict.
    BadResult,
    /// The policy called `os.exit`.
    Exited,
    /// The policy took too long.
    Deadline,
    /// The policy needed too much memory.
    Memory,
    /// Something else stopped the policy.
    Stopped,
    /// All sandboxes were in use for too long.
    Busy,
    /// The service itself could not do its work.
    Failed,
    /// The client went away before there was an answer.
    Cancelled,
}

impl Outcome {
    /// Why there is no verdict.
    pub fn of(error: &Error) -> Outcome {
        match error.end() {
            Some(End::Error(_)) => Outcome::LuaError,
            Some(End::Exited(_)) => Outcome::Exited,
            Some(End::Stopped(stopped)) => match stopped.stop {
                Stop::Deadline { .. } => Outcome::Deadline,
                Stop::Memory { .. } => Outcome::Memory,
                _ => Outcome::Stopped,
            },
            None if error.is_conversion() => Outcome::BadResult,
            None if error.is_busy() => Outcome::Busy,
            _ => Outcome::Failed,
        }
    }

    /// The name in metrics and answers.
    pub fn name(self) -> &'static str {
        match self {
            Outcome::Allowed => "allowed",
            Outcome::Denied => "denied",
            Outcome::Rejected => "rejected",
            Outcome::LuaError => "lua_error",
            Outcome::BadResult => "bad_result",
            Outcome::Exited => "exited",
            Outcome::Deadline => "deadline",
            Outcome::Memory => "memory",
            Outcome::Stopped => "stopped",
            Outcome::Busy => "busy",
            Outcome::Failed => "failed",
            Outcome::Cancelled => "cancelled",
        }
    }

    /// What HTTP calls it. A rejected body has a status of its own, and nobody sees the
    /// one of a cancelled request.
    pub fn status(self) -> StatusCode {
        match self {
            Outcome::Allowed | Outcome::Denied => StatusCode::OK,
            Outcome::Rejected => StatusCode::BAD_REQUEST,
            Outcome::Deadline => StatusCode::GATEWAY_TIMEOUT,
            // Not 503: the same request would need the same memory a second time.
            Outcome::Memory => StatusCode::INSUFFICIENT_STORAGE,
            Outcome::Busy => StatusCode::SERVICE_UNAVAILABLE,
            Outcome::LuaError
            | Outcome::BadResult
            | Outcome::Exited
            | Outcome::Stopped
            | Outcome::Failed
            | Outcome::Cancelled => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
}
