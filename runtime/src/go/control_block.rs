//! What a Go guest shows of itself in its memory: the control block, the functions that
//! it has, and events. Nothing of it is believed before it is checked.

use crate::memory::bytes::{GuestBytes, GuestBytesMut};

/// The size of the control block.
const BLOCK: u32 = 60;
/// The size of a slot of a frame.
const SLOT: u32 = 16;
/// The size of an event.
const EVENT: u32 = 32;

/// The most functions that a guest can have, and the longest name and text of one.
const MAX_FUNCTIONS: u32 = 10_000;
const MAX_NAME: u32 = 255;
const MAX_DOC: u32 = 64 << 10;

/// The most bytes that all names and texts have together. The host keeps a copy of them, and
/// they can share memory in the guest.
const MAX_TEXTS: usize = 1 << 20;

/// A function of the guest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct GoFunction {
    pub name: String,
    pub doc: String,
    pub is_non_blocking: bool,
    pub is_stream: bool,
}

/// What the guest has to say to the host.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Event {
    pub kind: EventKind,
    pub task: u32,
    pub number: u32,
    pub count: u32,
    pub at: u32,
    pub len: u32,
    pub target: u32,
    pub goroutine: u32,
}

/// Kinds of events.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum EventKind {
    Done,
    Call,
    Abandon,
    Report,
}

/// The control block, whose place is known to be in the memory.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ControlBlock {
    at: u32,
    /// Where the frame of an entry goes.
    pub inbox: u32,
    /// The bytes that fit there.
    pub inbox_size: u32,
}

impl ControlBlock {
    pub fn read(memory: &GuestBytes<'_>, at: u32) -> Result<ControlBlock, &'static str> {
        if memory.get(at, BLOCK).is_none() {
            return Err("its control block is outside its memory");
        }
        let (Some(inbox), Some(inbox_size)) = (memory.u32_at(at), memory.u32_at(at + 4)) else {
            return Err("its control block is outside its memory");
        };
        if memory.get(inbox, inbox_size).is_none() || !inbox.is_multiple_of(SLOT) {
            return Err("its inbox is not aligned or outside its memory");
        }
        Ok(ControlBlock { at, inbox, inbox_size })
    }

    /// A field; memory never shrinks, so it is always there.
    #[inline]
    fn field(&self, memory: &GuestBytes<'_>, offset: u32) -> u32 {
        memory.u32_at(self.at + offset).unwrap_or(0)
    }

    /// The address of the frame that a direct call left.
    #[inline]
    pub fn outbox(&self, memory: &GuestBytes<'_>) -> u32 {
        self.field(memory, 8)
    }

    /// Whether so many events are in the memory.
    pub fn has_events(&self, memory: &GuestBytes<'_>, count: u32) -> bool {
        let at = self.field(memory, 16);
        count.checked_mul(EVENT).and_then(|len| memory.get(at, len)).is_some()
    }

    pub fn event(&self, memory: &GuestBytes<'_>, index: u32) -> Option<Event> {
        let at = self.field(memory, 16).checked_add(index.checked_mul(EVENT)?)?;
        let event = GuestBytes::from(memory.get(at, EVENT)?);
        let kind = match event.u32_at(0)? {
            1 => EventKind::Done,
            2 => EventKind::Call,
            3 => EventKind::Abandon,
            4 => EventKind::Report,
            _ => return None,
        };
        Some(Event {
            kind,
            task: event.u32_at(4)?,
            number: event.u32_at(8)?,
            count: event.u32_at(12)?,
            at: event.u32_at(16)?,
            len: event.u32_at(20)?,
            target: event.u32_at(24)?,
            goroutine: event.u32_at(28)?,
        })
    }

    pub fn live(&self, memory: &GuestBytes<'_>) -> u32 {
        self.field(memory, 24)
    }

    pub fn goroutines(&self, memory: &GuestBytes<'_>) -> u32 {
        self.field(memory, 28)
    }

    pub fn is_busy(&self, memory: &GuestBytes<'_>) -> bool {
        self.field(memory, 48) != 0
    }

    pub fn set_traced(&self, memory: &mut GuestBytesMut<'_>, traced: bool) {
        if let Some(place) = memory.get_mut(self.at + 44, 4) {
            place.copy_from_slice(&u32::from(traced).to_le_bytes());
        }
    }

    /// The functions that the guest has registered.
    pub fn functions(&self, memory: &GuestBytes<'_>) -> Result<Vec<GoFunction>, String> {
        let [at, _, values] = [32, 36, 40].map(|offset| self.field(memory, offset));
        let count = values / 3;
        if count > MAX_FUNCTIONS {
            return Err(format!("it has {count} functions, and a guest can have {MAX_FUNCTIONS}"));
        }
        if !values.is_multiple_of(3) {
            return Err(format!("its list of functions has {values} values"));
        }
        let outside = || "its list of functions is outside its memory".to_string();
        let frame = GuestBytes::from(memory.get(at, values * SLOT).ok_or_else(outside)?);
        let mut functions = Vec::new();
        let mut texts = 0;
        let mut names = std::collections::HashSet::new();
        for index in 0..count {
            const STRING: u32 = 4;
            const INTEGER: u32 = 2;
            let slot = |value: u32| {
                let at = (index * 3 + value) * SLOT;
                let payload = frame.u32_at(at + 8).unwrap_or(0);
                (frame.u32_at(at).unwrap_or(0), frame.u32_at(at + 4).unwrap_or(0), payload)
            };
            let text = |value: u32, limit: u32| {
                let (tag, len, at) = slot(value);
                let bytes = memory.get(at, len).filter(|_| tag == STRING && len <= limit)?;
                Some(String::from_utf8_lossy(bytes).into_owned())
            };
            let (tag, _, flags) = slot(1);
            let (Some(name), Some(doc)) = (text(0, MAX_NAME), text(2, MAX_DOC)) else {
                return Err(format!("the name or text of its function {index} is no short string"));
            };
            texts += name.len() + doc.len();
            if texts > MAX_TEXTS {
                return Err(format!(
                    "the names and texts of its functions have more than {MAX_TEXTS} bytes \
                     together"
                ));
            }
            if tag != INTEGER || name.is_empty() || name.contains(|c: char| c.is_control()) {
                return Err(format!("its function {index} has no proper name or flags"));
            }
            if !names.insert(name.clone()) {
                return Err(format!("it has two functions called '{name}'"));
            }
            let is_non_blocking = flags & 1 != 0;
            functions.push(GoFunction { name, doc, is_non_blocking, is_stream: flags & 2 != 0 });
        }
        Ok(functions)
    }
}
