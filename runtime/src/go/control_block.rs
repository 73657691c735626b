//! What a Go guest shows of itself in its memory: the control block, the functions that
//! it has, and events. Nothing of it is believed before it is checked.

use crate::memory::bytes::{GuestBytes, GuestBytesMut};
use luago_abi::frame::{slot, tag};
use luago_abi::go::limit::{MAX_FUNCTIONS, MAX_NAME, MAX_TEXT, MAX_TEXTS};
use luago_abi::go::{control, event, function, inbox, kind};

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
        if memory.get(at, control::SIZE).is_none() {
            return Err("its control block is outside its memory");
        }
        let field = |offset| memory.u32_at(at + offset);
        let (Some(inbox), Some(inbox_size)) = (field(control::INBOX), field(control::INBOX_SIZE))
        else {
            return Err("its control block is outside its memory");
        };
        if memory.get(inbox, inbox_size).is_none() || !inbox.is_multiple_of(inbox::ALIGN) {
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
        self.field(memory, control::OUTBOX)
    }

    /// Whether so many events are in the memory.
    pub fn has_events(&self, memory: &GuestBytes<'_>, count: u32) -> bool {
        let at = self.field(memory, control::EVENTS);
        count.checked_mul(event::SIZE).and_then(|len| memory.get(at, len)).is_some()
    }

    pub fn event(&self, memory: &GuestBytes<'_>, index: u32) -> Option<Event> {
        let at =
            self.field(memory, control::EVENTS).checked_add(index.checked_mul(event::SIZE)?)?;
        let bytes = GuestBytes::from(memory.get(at, event::SIZE)?);
        let field = |offset| bytes.u32_at(offset);
        let kind = match field(event::KIND)? {
            kind::DONE => EventKind::Done,
            kind::CALL => EventKind::Call,
            kind::ABANDON => EventKind::Abandon,
            kind::REPORT => EventKind::Report,
            _ => return None,
        };
        Some(Event {
            kind,
            task: field(event::TASK)?,
            number: field(event::NUMBER)?,
            count: field(event::COUNT)?,
            at: field(event::ADDRESS)?,
            len: field(event::LEN)?,
            target: field(event::TARGET)?,
            goroutine: field(event::GOROUTINE)?,
        })
    }

    pub fn live(&self, memory: &GuestBytes<'_>) -> u32 {
        self.field(memory, control::LIVE)
    }

    pub fn goroutines(&self, memory: &GuestBytes<'_>) -> u32 {
        self.field(memory, control::GOROUTINES)
    }

    pub fn is_busy(&self, memory: &GuestBytes<'_>) -> bool {
        self.field(memory, control::BUSY) != 0
    }

    pub fn set_traced(&self, memory: &mut GuestBytesMut<'_>, traced: bool) {
        if let Some(place) = memory.get_mut(self.at + control::TRACE, 4) {
            place.copy_from_slice(&u32::from(traced).to_le_bytes());
        }
    }

    /// The functions that the guest has registered.
    pub fn functions(&self, memory: &GuestBytes<'_>) -> Result<Vec<GoFunction>, String> {
        let [at, _, values] =
            [control::FUNCTIONS, control::FUNCTIONS_LEN, control::FUNCTIONS_COUNT]
                .map(|offset| self.field(memory, offset));
        let count = values / function::VALUES;
        if count > MAX_FUNCTIONS {
            return Err(format!("it has {count} functions, and a guest can have {MAX_FUNCTIONS}"));
        }
        if !values.is_multiple_of(function::VALUES) {
            return Err(format!("its list of functions has {values} values"));
        }
        let outside = || "its list of functions is outside its memory".to_string();
        let frame = GuestBytes::from(memory.get(at, values * slot::SIZE).ok_or_else(outside)?);
        let mut functions = Vec::new();
        let mut texts = 0;
        let mut names = std::collections::HashSet::new();
        for index in 0..count {
            let slot = |value: u32| {
                let at = (index * function::VALUES + value) * slot::SIZE;
                let field = |offset: u32| frame.u32_at(at + offset).unwrap_or(0);
                (field(slot::TAG), field(slot::AUX), field(slot::PAYLOAD))
            };
            let text = |value: u32, limit: u32| {
                let (tag, len, at) = slot(value);
                let bytes = memory.get(at, len).filter(|_| tag == tag::STRING && len <= limit)?;
                Some(String::from_utf8_lossy(bytes).into_owned())
            };
            let (tag, _, flags) = slot(1);
            let (Some(name), Some(doc)) = (text(0, MAX_NAME), text(2, MAX_TEXT)) else {
                return Err(format!("the name or text of its function {index} is no short string"));
            };
            texts += name.len() + doc.len();
            if texts > MAX_TEXTS as usize {
                return Err(format!(
                    "the names and texts of its functions have more than {MAX_TEXTS} bytes \
                     together"
                ));
            }
            if tag != tag::INTEGER || name.is_empty() || name.contains(|c: char| c.is_control()) {
                return Err(format!("its function {index} has no proper name or flags"));
            }
            if !names.insert(name.clone()) {
                return Err(format!("it has two functions called '{name}'"));
            }
            let is_non_blocking = flags & function::NON_BLOCKING != 0;
            functions.push(GoFunction {
                name,
                doc,
                is_non_blocking,
                is_stream: flags & function::STREAM != 0,
            });
        }
        Ok(functions)
    }
}
