//! Calls of host functions by one guest, and what is kept for them.

use crate::frame::decoder::Decoder;
use crate::frame::encoder::Encoder;
use crate::frame::functions_in;
use crate::frame::rules::DecodeRules;
use crate::frame::rules::EncodeRules;
use crate::frame::rules::TransferRules;
use crate::host::context::Context;
use crate::host::error_store::ErrorStore;
use crate::host::function::{
    Answer, Asynchronous, Body, Functions, Reply, Writer, Written, bad_argument, call_blocking,
    panicked, text_error,
};
use crate::host::kept_replies::{EntryPoint, KeptReplies, StackMark};
use crate::host::mailbox::{FRAME_SIZE, Mailbox, Sent, broken, outside};
use crate::host::pending::{MAX_PENDING, Pending, WAITING};
use crate::ledger::{Overdrawn, Reservation};
use crate::memory::bytes::{GuestBytes, GuestBytesMut};
use crate::memory::copy_words::copy_words;
use crate::value::conversion_error::ConversionError;
use crate::value::host_error::HostError;
use luago_abi::lua::reply::{PENDING, RAISE, VALUES};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

/// The host's side of all calls of one guest.
pub(crate) struct HostCalls {
    pub mailbox: Mailbox,
    pub functions: Functions,
    pub context: Context,
    pub encode_rules: EncodeRules,
    pub decode_rules: DecodeRules,
    pub errors: ErrorStore,
    pub pending: Pending,
    pub host_calls: u64,
    encoder: Encoder,
    /// What did not fit into the mailbox.
    kept: KeptReplies,
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

impl HostCalls {
    pub fn new(
        functions: Functions,
        context: Context,
        encode_rules: EncodeRules,
        decode_rules: DecodeRules,
    ) -> HostCalls {
        let pending = Pending::new(encode_rules.clone());
        HostCalls {
            mailbox: Mailbox::default(),
            functions,
            context,
            encode_rules,
            decode_rules,
            errors: ErrorStore::default(),
            pending,
            host_calls: 0,
            encoder: Encoder::new(),
            kept: KeptReplies::default(),
        }
    }

    /// What may pass from the guest to a Go guest.
    pub fn transfer_rules(&self) -> TransferRules {
        TransferRules {
            depth: self.decode_rules.depth,
            elements: self.decode_rules.elements,
            bytes: self.decode_rules.bytes,
        }
    }

    /// The encoder for what the guest is told.
    #[inline]
    pub fn encoder(&mut self) -> &mut Encoder {
        &mut self.encoder
    }

    /// The guest has returned, and is about to be called.
    #[inline]
    pub fn begin(&mut self) {
        self.kept.clear();
    }

    /// The guest has come through a door.
    #[inline(always)]
    fn enter(&mut self, place: StackMark) -> wasmtime::Result<()> {
        if !self.kept.is_empty() {
            self.kept.arrive(place, self.encode_rules.ledger.refusals());
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
        self.encoder.large().is_empty()
            || self.keep(memory, StackMark::here(EntryPoint::Host)) == Some(true)
    }

    /// Keeps what was written, for the guest to take; false if there is no room for it.
    #[inline(never)]
    fn keep(&mut self, memory: &mut GuestBytesMut<'_>, place: StackMark) -> Option<bool> {
        match self.kept.keep(&mut self.encoder, &self.encode_rules, place) {
            Ok(number) => self.mailbox.set_reply(memory, number).map(|()| true),
            Err(Overdrawn) => Some(false),
        }
    }

    /// The guest has taken a reply.
    pub fn taken(&mut self, number: u32) {
        self.kept.taken(number);
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

    /// Leaves a reply of a Go guest where the Lua guest looks for it.
    #[inline]
    pub fn reply(
        &mut self,
        memory: &mut GuestBytesMut<'_>,
        written: &Written,
    ) -> wasmtime::Result<i32> {
        let place = StackMark::here(EntryPoint::Bridge);
        self.enter(place)?;
        self.leave_reply(memory, written, place)
    }

    #[inline]
    fn leave_reply(
        &mut self,
        memory: &mut GuestBytesMut<'_>,
        written: &Written,
        place: StackMark,
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

    /// Leaves what was written in the mailbox, as far as it has room; true if that is all of it.
    #[inline]
    fn leave_written(&self, memory: &mut GuestBytesMut<'_>, count: u32) -> Option<bool> {
        let encoder = &self.encoder;
        let len = encoder.bytes().len();
        let has_room = len <= FRAME_SIZE;
        self.mailbox.set_size(memory, u32::try_from(len).ok()?, count)?;
        self.offer_released(memory)?;
        if has_room {
            let place = memory.get_mut(self.mailbox.frame(), len as u32)?;
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
            self.mailbox.set_released(memory)?;
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
        let left =
            self.mailbox.set_size(memory, len, count).and_then(|()| self.offer_released(memory));
        left.map(|()| VALUES).ok_or_else(outside)
    }

    /// Calls a function for the guest, which has left the arguments in its mailbox.
    #[inline]
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
        let place = StackMark::here(EntryPoint::Call);
        self.enter(place)?;
        self.host_calls += 1;
        let bytes = memory.bytes();
        let sent = self.mailbox.sent(bytes).ok_or_else(|| broken("it has no mailbox"))?;
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
        let mut writer = Writer { encoder, rules: &self.encode_rules, errors: &self.errors };
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
        call_id: u32,
    ) -> wasmtime::Result<i32> {
        let place = StackMark::here(EntryPoint::Start);
        self.enter(place)?;
        self.host_calls += 1;
        let bytes = memory.bytes();
        let sent = self.mailbox.sent(bytes).ok_or_else(|| broken("it has no mailbox"))?;
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
        let how = Asynchronous { rules: self.encode_rules.clone(), errors: self.errors.clone() };
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
        let error = |error: HostError| -> (Answer, Reservation) {
            let answer = Box::pin(std::future::ready(Reply::error(&how, error)));
            (answer, Reservation::default())
        };
        let (answer, held) = match catch_unwind(start) {
            Ok(Ok(_)) if self.pending.is_full() => error(text_error(&format!(
                "more than {MAX_PENDING} asynchronous calls are waiting"
            ))),
            Ok(Ok(answer)) => answer,
            Ok(Err(conversion)) => error(bad_argument(name, &conversion)),
            Err(panic) => error(panicked(name, &*panic, &self.errors)),
        };
        drop(span);
        match self.pending.start(call_id, answer, held) {
            Some(reply) => self.leave(memory, reply, place),
            None => Ok(PENDING),
        }
    }

    /// Leaves the answer that a call id stands for where the guest looks for it.
    pub fn result(
        &mut self,
        memory: &mut GuestBytesMut<'_>,
        call_id: u32,
    ) -> wasmtime::Result<i32> {
        let place = StackMark::here(EntryPoint::Result);
        self.enter(place)?;
        let reply = self.pending.take(call_id).ok_or_else(|| broken("there is no such call id"))?;
        self.leave(memory, reply, place)
    }

    fn leave(
        &mut self,
        memory: &mut GuestBytesMut<'_>,
        reply: Reply,
        place: StackMark,
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
