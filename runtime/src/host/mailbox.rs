//! The place in a Lua guest's memory where frames are left, and what stands beside them.

use crate::frame::guest_path;
use crate::memory::bytes::{GuestBytes, GuestBytesMut};
use crate::value::conversion_error::ConversionError;
use luago_abi::mailbox::field;
use std::time::Duration;

/// The size of the frame in the guest's mailbox, in bytes.
pub(crate) const FRAME_SIZE: usize = luago_abi::mailbox::frame::FRAME_SIZE as usize;

/// Where a guest has its mailbox.
#[derive(Clone, Copy, Default)]
pub(crate) struct Mailbox {
    at: u32,
}

/// What a guest says about a frame that it has left.
#[derive(Clone, Copy)]
pub(crate) struct Sent {
    pub at: u32,
    pub len: u32,
    /// Values in it.
    pub count: u32,
    /// Functions among them.
    pub functions: u32,
}

/// A guest that breaks the rules between it and the host is ended.
pub(crate) fn broken(what: &str) -> wasmtime::Error {
    wasmtime::Error::msg(format!("it broke the rules between guest and host: {what}"))
}

#[cold]
pub(crate) fn outside() -> wasmtime::Error {
    broken("its mailbox is outside its memory")
}

impl Mailbox {
    pub fn at(at: u32) -> Mailbox {
        Mailbox { at }
    }

    /// Where its frame is.
    #[inline]
    pub fn frame(&self) -> u32 {
        self.at.saturating_add(field::FRAME)
    }

    /// What the guest has left for the host.
    #[inline]
    pub fn sent(&self, memory: &GuestBytes<'_>) -> Option<Sent> {
        let field = |offset| memory.u32_at(self.at.checked_add(offset)?);
        Some(Sent {
            at: field(field::AT)?,
            len: field(field::LEN)?,
            count: field(field::COUNT)?,
            functions: field(field::FUNCTIONS)?,
        })
    }

    /// Why the guest could not send what it wanted to; `number` is which of the values it
    /// was, and 0 where that is said elsewhere.
    pub fn problem(&self, memory: &GuestBytes<'_>, number: u32) -> ConversionError {
        let field = |offset| memory.u32_at(self.at.checked_add(offset)?);
        let text = || memory.get(field(field::PROBLEM)?, field(field::PROBLEM_LEN)?.min(256));
        let keys = self.sent(memory).and_then(|sent| memory.get(sent.at, sent.len));
        let path = guest_path(memory, keys.unwrap_or_default());
        let is_limit = field(field::LIMIT).is_some_and(|limit| limit != 0);
        let message = String::from_utf8_lossy(text().unwrap_or_default()).into_owned();
        ConversionError::of_guest(number, &path, message, is_limit)
    }

    /// Which of the values could not be sent.
    pub fn problem_number(&self, memory: &GuestBytes<'_>) -> u32 {
        let at = self.at.checked_add(field::COUNT);
        at.and_then(|at| memory.u32_at(at)).unwrap_or(0)
    }

    /// Writes the problem with an argument as text for a message of Lua; its length.
    pub fn problem_text(&self, memory: &mut GuestBytesMut<'_>, at: u32, room: u32) -> Option<u32> {
        let problem = self.problem(memory.bytes(), 0);
        let mut text = problem.message().to_string();
        if !problem.path().is_empty() {
            let path = problem.path();
            let most = (room as usize).saturating_sub(text.len() + 8);
            let end = (0..=most.min(path.len())).rev().find(|end| path.is_char_boundary(*end));
            let cut = if path.len() > most { "…" } else { "" };
            text = format!("{}{cut}: {text}", path.get(..end?)?);
        }
        let len = u32::try_from(text.len()).ok().filter(|len| *len <= room)?;
        memory.get_mut(at, len)?.copy_from_slice(text.as_bytes());
        Some(len)
    }

    /// How long what the guest starts may take.
    pub fn timeout(&self, memory: &GuestBytes<'_>) -> Option<Duration> {
        let bytes = memory.get(self.at.checked_add(field::TIMEOUT)?, 8)?;
        let seconds = f64::from_le_bytes(bytes.try_into().ok()?);
        // Neither nothing nor more than there is.
        (seconds > 0.0).then(|| Duration::try_from_secs_f64(seconds).ok()).flatten()
    }

    pub fn set_depth(&self, memory: &mut GuestBytesMut<'_>, depth: u32) -> Option<()> {
        self.set(memory, field::DEPTH, depth)
    }

    fn set(&self, memory: &mut GuestBytesMut<'_>, offset: u32, value: u32) -> Option<()> {
        let place = memory.get_mut(self.at.checked_add(offset)?, 4)?;
        place.copy_from_slice(&value.to_le_bytes());
        Some(())
    }

    /// Says how many bytes a reply has, and how many values.
    #[inline]
    pub fn set_size(&self, memory: &mut GuestBytesMut<'_>, len: u32, count: u32) -> Option<()> {
        // The two fields are side by side.
        let place = memory.get_mut(self.at.checked_add(field::LEN)?, 8)?;
        place[..4].copy_from_slice(&len.to_le_bytes());
        place[4..].copy_from_slice(&count.to_le_bytes());
        Some(())
    }

    /// Says which reply was kept for the guest to take.
    pub fn set_reply(&self, memory: &mut GuestBytesMut<'_>, number: u32) -> Option<()> {
        self.set(memory, field::REPLY, number)
    }

    /// Says that Go guests have written something.
    pub fn set_output(&self, memory: &mut GuestBytesMut<'_>) -> Option<()> {
        self.set(memory, field::OUTPUT, 1)
    }

    /// Says that there are functions to be taken back.
    pub fn set_released(&self, memory: &mut GuestBytesMut<'_>) -> Option<()> {
        self.set(memory, field::RELEASED, 1)
    }
}
