//! What passes between the host and one guest, and what is kept for it.

use crate::bridge::event::WaitsFor;
use crate::bridge::of_go;
use crate::bridge::recorder::Subscriber;
use crate::bridge::scheduler::{Bridge, Granted, Parts};
use crate::engine::Engine;
use crate::frame::decode::{DecodeRules, Decoder};
use crate::frame::encode::{EncodeRules, Encoder};
use crate::frame::transfer::TransferRules;
use crate::frame::{functions_in, guest_path};
use crate::host::context::Context;
use crate::host::error_store::Sources;
use crate::host::function::{
    Answer, Asynchronous, Body, Functions, Reply, Writer, Written, bad_argument, call_blocking,
    panicked, text_error,
};
use crate::host::interrupt::InterruptHandle;
use crate::host::kept_replies::{Door, Kept, Place};
use crate::host::pending::{MAX_PENDING, Pending, WAITING};
use crate::host::wasi::FileRoom;
use crate::ledger::{Held, Ledger, Overdrawn};
use crate::memory::Budget;
use crate::memory::bytes::{GuestBytes, GuestBytesMut};
use crate::memory::copy_words::copy_words;
use crate::value::conversion_error::ConversionError;
use crate::value::host_error::HostError;
use luago_abi::lua::reply::{PENDING, RAISE, VALUES};
use luago_abi::mailbox::field;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Duration;

/// The size of the frame in the guest's mailbox, in bytes.
pub(crate) const FRAME_SIZE: usize = luago_abi::mailbox::frame::FRAME_SIZE as usize;

/// The host's side of all calls of one guest.
pub(crate) struct Exchange {
    pub mailbox: u32,
    pub functions: Functions,
    pub context: Context,
    pub encode_rules: EncodeRules,
    pub decode_rules: DecodeRules,
    pub sources: Sources,
    pub pending: Pending,
    pub host_calls: u64,
    go: GoParts,
    /// Made when it is first needed.
    pub bridge: Option<Box<Bridge>>,
    encoder: Encoder,
    /// What did not fit into the mailbox.
    kept: Kept,
}

/// What a bridge is made from, beside what the exchange has anyway.
pub(crate) struct GoParts {
    pub engine: Engine,
    pub guests: Arc<[Granted]>,
    pub subscriber: Option<Subscriber>,
    pub deterministic: Option<u64>,
    pub is_metered: bool,
    pub interrupt: InterruptHandle,
    pub budget: Arc<Budget>,
    /// What the host keeps for this sandbox.
    pub ledger: Arc<Ledger>,
    /// What its guests may have open.
    pub room: FileRoom,
}

/// What a guest says about a frame that it has left.
#[derive(Clone, Copy)]
pub(crate) struct Sent {
    at: u32,
    len: u32,
    pub count: u32,
    functions: u32,
}

impl Sent {
    pub fn at(&self) -> u32 {
        self.at
    }

    pub fn len(&self) -> u32 {
        self.len
    }
}

impl DecodeRules {
    /// Gives back all handles in a frame that is not read.
    fn refuse(&self, sent: Sent, frame: &[u8]) {
        if sent.functions != 0 {
            self.owner.give_back(functions_in(frame), &self.ledger);
        }
    }

    /// Gives back the handles in a frame that nobody has taken.
    fn finish(&self, decoder: &Decoder<'_>, sent: Sent, frame: &[u8]) {
        if sent.functions == 0 {
            return;
        }
        let mut claimed = decoder.claimed().to_vec();
        claimed.sort_unstable();
        let unclaimed = functions_in(frame).filter(|id| claimed.binary_search(id).is_err());
        self.owner.give_back(unclaimed, &self.ledger);
    }
}

/// A guest that breaks the rules between it and the host is ended.
pub(crate) fn broken(what: &str) -> wasmtime::Error {
    wasmtime::Error::msg(format!("it broke the rules between guest and host: {what}"))
}

#[cold]
fn outside() -> wasmtime::Error {
    broken("its mailbox is outside its memory")
}

impl Exchange {
    pub fn new(
        functions: Functions,
        context: Context,
        encode_rules: EncodeRules,
        decode_rules: DecodeRules,
        go: GoParts,
    ) -> Exchange {
        let pending = Pending::new(encode_rules.clone());
        Exchange {
            mailbox: 0,
            functions,
            context,
            encode_rules,
            decode_rules,
            sources: Sources::default(),
            pending,
            host_calls: 0,
            go,
            bridge: None,
            encoder: Encoder::new(),
            kept: Kept::default(),
        }
    }

    /// The bridge, and the encoder for what comes from it.
    pub fn bridge(&mut self) -> (&mut Bridge, &mut Encoder) {
        let bridge = self.bridge.get_or_insert_with(|| {
            let transfer = TransferRules {
                depth: self.decode_rules.depth,
                elements: self.decode_rules.elements,
                bytes: self.decode_rules.bytes,
            };
            Box::new(Bridge::new(Parts {
                engine: self.go.engine.clone(),
                guests: Arc::clone(&self.go.guests),
                owner: Arc::clone(&self.decode_rules.owner),
                transfer,
                encode: self.encode_rules.clone(),
                pending: self.pending.clone(),
                interrupt: self.go.interrupt.clone(),
                budget: Arc::clone(&self.go.budget),
                ledger: Arc::clone(&self.go.ledger),
                room: self.go.room.clone(),
                ticker: Arc::clone(self.go.engine.ticker()),
                deterministic: self.go.deterministic,
                is_metered: self.go.is_metered,
                subscriber: self.go.subscriber.clone(),
            }))
        });
        (bridge, &mut self.encoder)
    }

    /// What may pass from the guest to a Go guest.
    pub fn transfer_rules(&self) -> TransferRules {
        TransferRules {
            depth: self.decode_rules.depth,
            elements: self.decode_rules.elements,
            bytes: self.decode_rules.bytes,
        }
    }

    /// Is it of use to know what the clock shows?
    #[inline]
    pub fn needs_time(&self) -> bool {
        self.is_traced() || self.bridge.as_ref().is_some_and(|bridge| bridge.is_timed())
    }

    /// Are tasks to be told of?
    pub fn is_traced(&self) -> bool {
        self.go.subscriber.is_some()
    }

    #[inline]
    pub fn mailbox_frame(&self) -> u32 {
        self.mailbox.saturating_add(field::FRAME)
    }

    /// What the host keeps for this sandbox.
    pub fn ledger(&self) -> &Arc<Ledger> {
        &self.go.ledger
    }

    /// The guest has returned, and is about to be called.
    #[inline]
    pub fn begin(&mut self) {
        self.kept.clear();
    }

    /// The guest has come through a door.
    #[inline(always)]
    fn enter(&mut self, place: Place) -> wasmtime::Result<()> {
        if !self.kept.is_empty() {
            self.kept.arrive(place, self.go.ledger.refusals());
        }
        let owner = &self.decode_rules.owner;
        if owner.has_released() && owner.is_ignored() {
            return Err(broken("it does not take back the functions that it gave"));
        }
        Ok(())
    }

    /// An empty frame for the embedder to write, and the rules for it.
    #[inline]
    pub fn writer(&mut self) -> (&mut Encoder, &EncodeRules) {
        let encoder = &mut self.encoder;
        encoder.clear();
        encoder.allow_all();
        (encoder, &self.encode_rules)
    }

    #[inline]
    pub fn frame_len(&self) -> u32 {
        u32::try_from(self.encoder.bytes().len()).unwrap_or(u32::MAX)
    }

    /// Copies the frame that was written to where the guest has room for it.
    #[inline]
    pub fn send(&mut self, memory: &mut GuestBytesMut<'_>, at: u32) -> bool {
        let bytes = self.encoder.bytes();
        let Some(place) = memory.get_mut(at, bytes.len() as u32) else {
            return false;
        };
        copy_words(place, bytes);
        self.encoder.large().is_empty() || self.keep(memory, Place::here(Door::Host)) == Some(true)
    }

    /// Keeps what was written, for the guest to take; false if there is no room for it.
    #[inline(never)]
    fn keep(&mut self, memory: &mut GuestBytesMut<'_>, place: Place) -> Option<bool> {
        match self.kept.keep(&mut self.encoder, &self.encode_rules, place) {
            Ok(number) => self.set(memory, field::REPLY, number).map(|()| true),
            Err(Overdrawn) => Some(false),
        }
    }

    /// The guest has taken a reply.
    pub fn taken(&mut self, number: u32) {
        self.kept.taken(number);
    }

    /// What the guest has left for the host.
    #[inline]
    pub fn sent(&self, memory: &GuestBytes<'_>) -> Option<Sent> {
        let field = |offset| memory.u32_at(self.mailbox.checked_add(offset)?);
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
        let field = |offset| memory.u32_at(self.mailbox.checked_add(offset)?);
        let text = || memory.get(field(field::PROBLEM)?, field(field::PROBLEM_LEN)?.min(256));
        let keys = self.sent(memory).and_then(|sent| memory.get(sent.at, sent.len));
        let path = guest_path(memory, keys.unwrap_or_default());
        let is_limit = field(field::LIMIT).is_some_and(|limit| limit != 0);
        let message = String::from_utf8_lossy(text().unwrap_or_default()).into_owned();
        ConversionError::of_guest(number, &path, message, is_limit)
    }

    /// Which of the values could not be sent.
    pub fn problem_number(&self, memory: &GuestBytes<'_>) -> u32 {
        let at = self.mailbox.checked_add(field::COUNT);
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

    /// Reads what the guest has left, if it is in its memory.
    #[inline]
    pub fn read<T>(
        &self,
        memory: &GuestBytes<'_>,
        sent: Sent,
        read: impl FnOnce(&mut Decoder<'_>) -> Result<T, ConversionError>,
    ) -> Option<Result<T, ConversionError>> {
        let frame = memory.get(sent.at, sent.len)?;
        Some(match Decoder::new(memory, frame, sent.count, &self.decode_rules) {
            Ok(mut decoder) => {
                let result = read(&mut decoder);
                self.decode_rules.finish(&decoder, sent, frame);
                result
            }
            Err(error) => {
                self.decode_rules.refuse(sent, frame);
                Err(error)
            }
        })
    }

    /// Hands out handles that the host does not need any more; how many there were.
    pub fn take_released(&self, memory: &mut GuestBytesMut<'_>, at: u32, room: u32) -> Option<u32> {
        let ids = self.decode_rules.owner.take_released(room as usize);
        let count = u32::try_from(ids.len()).ok()?;
        let places = memory.get_mut(at, count.checked_mul(4)?)?;
        for (place, id) in places.chunks_exact_mut(4).zip(ids) {
            place.copy_from_slice(&id.to_le_bytes());
        }
        Some(count)
    }

    /// How long what the guest starts may take.
    pub fn timeout(&self, memory: &GuestBytes<'_>) -> Option<Duration> {
        let bytes = memory.get(self.mailbox.checked_add(field::TIMEOUT)?, 8)?;
        let seconds = f64::from_le_bytes(bytes.try_into().ok()?);
        // Neither nothing nor more than there is.
        (seconds > 0.0).then(|| Duration::try_from_secs_f64(seconds).ok()).flatten()
    }

    /// Has the guest ask for what Go guests have written.
    pub fn announce_output(&self, memory: &mut GuestBytesMut<'_>) {
        if self.bridge.as_ref().is_some_and(|bridge| bridge.has_output()) {
            // Without a mailbox there is no way to show it before the end.
            let _ = self.set(memory, field::OUTPUT, 1);
        }
    }

    pub fn set_depth(&self, memory: &mut GuestBytesMut<'_>, depth: u32) -> Option<()> {
        self.set(memory, field::DEPTH, depth)
    }

    fn set(&self, memory: &mut GuestBytesMut<'_>, offset: u32, value: u32) -> Option<()> {
        let place = memory.get_mut(self.mailbox.checked_add(offset)?, 4)?;
        place.copy_from_slice(&value.to_le_bytes());
        Some(())
    }

    /// Says how many bytes a reply has, and how many values.
    #[inline]
    fn set_size(&self, memory: &mut GuestBytesMut<'_>, len: u32, count: u32) -> Option<()> {
        // The two fields are side by side.
        let place = memory.get_mut(self.mailbox.checked_add(field::LEN)?, 8)?;
        place[..4].copy_from_slice(&len.to_le_bytes());
        place[4..].copy_from_slice(&count.to_le_bytes());
        Some(())
    }

    /// Leaves a reply of a Go guest where the Lua guest looks for it.
    #[inline]
    pub fn reply(
        &mut self,
        memory: &mut GuestBytesMut<'_>,
        written: &Written,
    ) -> wasmtime::Result<i32> {
        let place = Place::here(Door::Bridge);
        self.enter(place)?;
        self.leave_reply(memory, written, place)
    }

    #[inline]
    fn leave_reply(
        &mut self,
        memory: &mut GuestBytesMut<'_>,
        written: &Written,
        place: Place,
    ) -> wasmtime::Result<i32> {
        let left = self
            .leave_written(memory, written.count)
            .and_then(|is_whole| if is_whole { Some(true) } else { self.keep(memory, place) });
        match left {
            Some(true) => Ok(if written.is_error { RAISE } else { VALUES }),
            Some(false) => {
                self.encoder.refuse(&self.encode_rules);
                self.leave_written(memory, 1).ok_or_else(outside)?;
                Ok(RAISE)
            }
            None => Err(outside()),
        }
    }

    /// Leaves what was written in the mailbox, as far as it has room; is that all?
    #[inline]
    fn leave_written(&self, memory: &mut GuestBytesMut<'_>, count: u32) -> Option<bool> {
        let encoder = &self.encoder;
        let len = encoder.bytes().len();
        let has_room = len <= FRAME_SIZE;
        self.set_size(memory, u32::try_from(len).ok()?, count)?;
        self.offer_released(memory)?;
        if has_room {
            let place = memory.get_mut(self.mailbox_frame(), len as u32)?;
            copy_words(place, encoder.bytes());
        }
        Some(has_room && encoder.large().is_empty())
    }

    /// Says whether there are functions to be taken back.
    #[inline]
    fn offer_released(&self, memory: &mut GuestBytesMut<'_>) -> Option<()> {
        let owner = &self.decode_rules.owner;
        if owner.has_released() {
            owner.offer();
            self.set(memory, field::RELEASED, 1)?;
        }
        Some(())
    }

    /// Says that plain values stand in the mailbox.
    #[inline]
    pub fn leave_plain(
        &self,
        memory: &mut GuestBytesMut<'_>,
        count: u32,
        len: u32,
    ) -> wasmtime::Result<i32> {
        let left = self.set_size(memory, len, count).and_then(|()| self.offer_released(memory));
        left.map(|()| VALUES).ok_or_else(outside)
    }

    /// The name that messages give a function, its own or that of a Go guest's.
    pub fn function_name(&self, id: u32) -> &str {
        let of_go =
            of_go(id).and_then(|(guest, function)| self.bridge.as_ref()?.name_of(guest, function));
        let of_host = || self.functions.get(id).map(|function| &*function.name);
        of_go.or_else(of_host).unwrap_or("?")
    }

    /// Calls a function for the guest, which has left the arguments in its mailbox.
    pub fn call(&mut self, memory: &mut GuestBytesMut<'_>, id: u32) -> wasmtime::Result<i32> {
        // A span costs more than the rest of a small call, even where nobody looks.
        if tracing::enabled!(tracing::Level::TRACE) {
            let name = self.functions.get(id).map(|function| function.name.clone());
            let span = tracing::trace_span!("host_function", name = name.as_deref());
            return span.in_scope(|| self.call_blocking(memory, id));
        }
        self.call_blocking(memory, id)
    }

    #[inline]
    fn call_blocking(&mut self, memory: &mut GuestBytesMut<'_>, id: u32) -> wasmtime::Result<i32> {
        let place = Place::here(Door::Call);
        self.enter(place)?;
        self.host_calls += 1;
        let bytes = memory.bytes();
        let sent = self.sent(bytes).ok_or_else(|| broken("it has no mailbox"))?;
        let frame = bytes.get(sent.at, sent.len).ok_or_else(|| broken("a frame is elsewhere"))?;
        let function = self.functions.get(id).ok_or_else(|| broken("there is no such function"))?;
        let Body::Blocking(body) = &function.body else {
            return Err(broken("the function is asynchronous"));
        };
        if !std::sync::Arc::ptr_eq(&self.context.name, &function.name) {
            self.context.name = function.name.clone();
        }
        let encoder = &mut self.encoder;
        encoder.clear();
        let mut writer = Writer { encoder, rules: &self.encode_rules, sources: &self.sources };
        let written = match Decoder::new(bytes, frame, sent.count, &self.decode_rules) {
            Ok(mut decoder) => {
                let written = call_blocking(body, &self.context, &mut decoder, &mut writer);
                self.decode_rules.finish(&decoder, sent, frame);
                written
            }
            Err(error) => {
                self.decode_rules.refuse(sent, frame);
                writer.raise(bad_argument(&function.name, &error.at_root("arguments")))
            }
        };
        self.leave_reply(memory, &written, place)
    }

    /// Starts a function that takes its time.
    pub fn start(
        &mut self,
        memory: &mut GuestBytesMut<'_>,
        id: u32,
        ticket: u32,
    ) -> wasmtime::Result<i32> {
        let place = Place::here(Door::Start);
        self.enter(place)?;
        self.host_calls += 1;
        let bytes = memory.bytes();
        let sent = self.sent(bytes).ok_or_else(|| broken("it has no mailbox"))?;
        let frame = bytes.get(sent.at, sent.len).ok_or_else(|| broken("a frame is elsewhere"))?;
        let function = self.functions.get(id).ok_or_else(|| broken("there is no such function"))?;
        let function = Arc::clone(function);
        let Body::Async(body) = &function.body else {
            return Err(broken("the function is not asynchronous"));
        };
        if self.pending.is_flooded() {
            return Err(broken("it does not take the answers that it asks for"));
        }
        let name = &function.name;
        let span = tracing::trace_span!("host_function", name = &**name).entered();
        let context = Context { name: name.clone(), ..self.context.clone() };
        let how = Asynchronous { rules: self.encode_rules.clone(), sources: self.sources.clone() };
        let start = AssertUnwindSafe(|| {
            let decoder = Decoder::new(bytes, frame, sent.count, &self.decode_rules);
            let mut decoder = decoder.map_err(|error| {
                self.decode_rules.refuse(sent, frame);
                error.at_root("arguments")
            })?;
            // What it was given is kept as long as it takes.
            let answer = body(context, &mut decoder, how.clone()).and_then(|answer| {
                let held = decoder.keep(WAITING);
                Ok((answer, held.map_err(|_| ConversionError::overdrawn().at_root("arguments"))?))
            });
            self.decode_rules.finish(&decoder, sent, frame);
            answer
        });
        let error = |error: HostError| -> (Answer, Held) {
            let answer = Box::pin(std::future::ready(Reply::error(&how, error)));
            (answer, Held::default())
        };
        let (answer, held) = match catch_unwind(start) {
            Ok(Ok(_)) if self.pending.is_full() => error(text_error(&format!(
                "more than {MAX_PENDING} asynchronous calls are waiting"
            ))),
            Ok(Ok(answer)) => answer,
            Ok(Err(conversion)) => error(bad_argument(name, &conversion)),
            Err(panic) => error(panicked(name, &*panic, &self.sources)),
        };
        drop(span);
        match self.pending.start(ticket, answer, held) {
            Some(reply) => self.leave(memory, reply, place),
            None => {
                if let Some(bridge) = &mut self.bridge {
                    bridge.recorder().will_wait(WaitsFor::Host(Arc::clone(&function.name)));
                }
                Ok(PENDING)
            }
        }
    }

    /// Leaves the answer that a ticket stands for where the guest looks for it.
    pub fn result(&mut self, memory: &mut GuestBytesMut<'_>, ticket: u32) -> wasmtime::Result<i32> {
        let place = Place::here(Door::Result);
        self.enter(place)?;
        let reply = self.pending.take(ticket).ok_or_else(|| broken("there is no such ticket"))?;
        self.leave(memory, reply, place)
    }

    fn leave(
        &mut self,
        memory: &mut GuestBytesMut<'_>,
        reply: Reply,
        place: Place,
    ) -> wasmtime::Result<i32> {
        let Reply { encoder, count, is_error } = reply;
        self.encoder = encoder;
        self.leave_reply(memory, &Written { count, is_error }, place)
    }

    /// Copies a reply that was too large for the mailbox.
    pub fn take_frame(&self, memory: &mut GuestBytesMut<'_>, reply: u32, at: u32) -> Option<()> {
        let bytes = self.kept.get(reply)?.bytes();
        memory.get_mut(at, bytes.len() as u32)?.copy_from_slice(bytes);
        Some(())
    }

    /// Copies a string that was kept apart.
    pub fn take_large(
        &self,
        memory: &mut GuestBytesMut<'_>,
        reply: u32,
        offset: u32,
        len: u32,
        at: u32,
    ) -> Option<()> {
        let offset = offset as usize;
        let bytes = self.kept.get(reply)?.large().get(offset..offset.checked_add(len as usize)?)?;
        memory.get_mut(at, len)?.copy_from_slice(bytes);
        Some(())
    }
}
