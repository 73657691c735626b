//! Functions of the host that Lua can call.

use crate::frame::decoder::Decoder;
use crate::frame::encoder::Encoder;
use crate::frame::rules::EncodeRules;
use crate::host::context::Context;
use crate::host::error_store::{BoxError, ErrorStore, Report};
use crate::value::conversion_error::ConversionError;
use crate::value::host_error::HostError;
use crate::value::truncate::cut;
use futures_util::FutureExt;
use luago_abi::lua::function_id::OWNED;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::any::Any;
use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::Arc;

/// What a host function has left for Lua.
pub(crate) struct Reply {
    pub encoder: Encoder,
    pub count: u32,
    pub is_error: bool,
}

/// The answer of a host function that takes its time.
pub(crate) type Answer = Pin<Box<dyn Future<Output = Reply> + Send>>;

// Passed by reference: a struct that is copied right after it was written stalls the
// processor for longer than all else here takes.
type Call = dyn Fn(&Context, &mut Decoder<'_>, &mut Writer<'_>) -> Written + Send + Sync;
type Start = dyn Fn(Context, &mut Decoder<'_>, Asynchronous) -> Result<Answer, ConversionError>
    + Send
    + Sync;

/// A function that was registered.
pub(crate) struct HostFunction {
    pub name: Arc<str>,
    pub body: Body,
}

pub(crate) enum Body {
    Blocking(Box<Call>),
    Async(Box<Start>),
}

/// Where the results of a function go, and by which rules.
pub(crate) struct Writer<'a> {
    pub encoder: &'a mut Encoder,
    pub rules: &'a EncodeRules,
    pub errors: &'a ErrorStore,
}

/// The same for a function that outlives its call.
#[derive(Clone)]
pub(crate) struct Asynchronous {
    pub rules: EncodeRules,
    pub errors: ErrorStore,
}

/// What was written: results, or an error that is to be raised.
pub(crate) struct Written {
    pub count: u32,
    pub is_error: bool,
}

impl Writer<'_> {
    pub fn results<R: Serialize, E: Into<BoxError>>(
        &mut self,
        name: &str,
        result: Result<R, E>,
    ) -> Written {
        match result {
            Ok(value) => match self.encoder.results(self.rules, &value) {
                Ok(count) => Written { count, is_error: false },
                Err(error) => self.raise(text_error(&format!("bad result of '{name}': {error}"))),
            },
            Err(error) => {
                // Once as text, and once in the frame.
                let room = usize::try_from(self.rules.ledger.room() / 2).unwrap_or(usize::MAX);
                let error = self.errors.keep(error.into(), room.max(MAX_ANYHOW));
                self.raise(error)
            }
        }
    }

    pub fn raise(&mut self, error: HostError) -> Written {
        self.encoder.clear();
        // An error that is too large for the limits is raised as nil.
        let is_written = self.encoder.value(self.rules, &error).is_ok();
        Written { count: u32::from(is_written), is_error: true }
    }
}

/// Bytes of an error's text for which there is always room.
const MAX_ANYHOW: usize = 16 << 10;

pub(crate) fn text_error(message: &str) -> HostError {
    HostError::from_strings(message.as_bytes(), [], 0)
}

/// An argument that is not what the function takes, in Lua's words.
pub(crate) fn bad_argument(name: &str, error: &ConversionError) -> HostError {
    text_error(&format!("bad {} to '{name}' ({})", error.path(), error.message()))
}

/// The bytes of a panic's text that are shown, which a script may have written.
const MAX_PANIC: usize = 4096;

/// What a panic says.
pub(crate) fn panicked(name: &str, panic: &(dyn Any + Send), errors: &ErrorStore) -> HostError {
    let text = panic
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| panic.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("no text");
    let text = cut(text, MAX_PANIC);
    match errors.report() {
        Report::Yes => {
            tracing::error!(function = name, panic = %text, "a host function panicked");
        }
        Report::Last => tracing::error!(
            function = name,
            panic = %text,
            "a host function panicked; further panics in this sandbox are not reported"
        ),
        Report::No => {}
    }
    text_error(&format!("host function '{name}' panicked: {text}"))
}

impl HostFunction {
    pub fn blocking<A, R, E, F>(name: &str, function: F) -> HostFunction
    where
        A: DeserializeOwned,
        R: Serialize,
        E: Into<BoxError>,
        F: Fn(&Context, A) -> Result<R, E> + Send + Sync + 'static,
    {
        let call = move |context: &Context, decoder: &mut Decoder<'_>, writer: &mut Writer<'_>| {
            let arguments = match decoder.arguments::<A>() {
                Ok(arguments) => arguments,
                Err(error) => return writer.raise(bad_argument(&context.name, &error)),
            };
            match decoder.room_for_copy() {
                Ok(copy) => {
                    let result = function(context, arguments);
                    drop(copy);
                    writer.results(&context.name, result)
                }
                Err(error) => writer.raise(bad_argument(&context.name, &error)),
            }
        };
        HostFunction { name: name.into(), body: Body::Blocking(Box::new(call)) }
    }

    pub fn asynchronous<A, R, E, F, Fut>(name: &str, function: F) -> HostFunction
    where
        A: DeserializeOwned,
        R: Serialize,
        E: Into<BoxError>,
        F: Fn(Context, A) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<R, E>> + Send + 'static,
    {
        let start = move |context: Context, decoder: &mut Decoder<'_>, how: Asynchronous| {
            let arguments = decoder.arguments::<A>()?;
            let _copy = decoder.room_for_copy()?;
            let name = context.name.clone();
            let future = AssertUnwindSafe(function(context, arguments)).catch_unwind();
            let answer: Answer = Box::pin(future.map(move |result| {
                Reply::write(&how, |writer| match result {
                    Ok(result) => writer.results(&name, result),
                    Err(panic) => writer.raise(panicked(&name, &*panic, writer.errors)),
                })
            }));
            Ok(answer)
        };
        HostFunction { name: name.into(), body: Body::Async(Box::new(start)) }
    }

    pub fn is_async(&self) -> bool {
        matches!(self.body, Body::Async(_))
    }
}

impl Reply {
    fn write(how: &Asynchronous, write: impl FnOnce(&mut Writer<'_>) -> Written) -> Reply {
        let mut encoder = Encoder::new();
        let mut writer = Writer { encoder: &mut encoder, rules: &how.rules, errors: &how.errors };
        let Written { count, is_error } = write(&mut writer);
        let mut reply = Reply { encoder, count, is_error };
        reply.charge(&how.rules);
        reply
    }

    /// Counts all of it, as many of them may wait to be taken. What there is no room for
    /// becomes an error that says so.
    pub fn charge(&mut self, rules: &EncodeRules) {
        self.encoder.fit();
        if self.encoder.charge(rules).is_err() {
            self.encoder.refuse(rules);
            (self.count, self.is_error) = (1, true);
        }
    }

    /// An error that takes the place of an answer.
    pub fn error(how: &Asynchronous, error: HostError) -> Reply {
        Reply::write(how, |writer| writer.raise(error))
    }
}

/// Runs a function of the host; a panic of it is an error of Lua.
pub(crate) fn call_blocking(
    call: &Call,
    context: &Context,
    decoder: &mut Decoder<'_>,
    writer: &mut Writer<'_>,
) -> Written {
    let result = catch_unwind(AssertUnwindSafe(|| call(context, decoder, writer)));
    result.unwrap_or_else(|panic| {
        let error = panicked(&context.name, &*panic, writer.errors);
        writer.raise(error)
    })
}

/// The functions that a sandbox may call, by number.
#[derive(Clone, Default)]
pub(crate) struct Functions {
    /// Those that were registered by name, which the copies of a template share.
    named: Option<Arc<Vec<Arc<HostFunction>>>>,
    /// Those that were made for this sandbox, until Lua has no use for them.
    owned: HashMap<u32, Arc<HostFunction>>,
    next_owned: u32,
}

impl Functions {
    /// Its number.
    pub fn add(&mut self, function: HostFunction) -> u32 {
        let named = Arc::make_mut(self.named.get_or_insert_default());
        named.push(Arc::new(function));
        u32::try_from(named.len()).unwrap_or(OWNED - 1)
    }

    pub fn has_owned(&self) -> bool {
        !self.owned.is_empty()
    }

    /// Takes over those that others have by name.
    pub fn add_named(&mut self, others: &Functions) {
        self.named.clone_from(&others.named);
    }

    pub fn add_owned(&mut self, function: HostFunction) -> u32 {
        self.next_owned = self.next_owned.wrapping_add(1) & (OWNED - 1);
        let id = OWNED | self.next_owned;
        self.owned.insert(id, Arc::new(function));
        id
    }

    #[inline]
    pub fn get(&self, id: u32) -> Option<&Arc<HostFunction>> {
        if id & OWNED != 0 {
            return self.owned.get(&id);
        }
        self.named.as_ref()?.get((id as usize).checked_sub(1)?)
    }

    pub fn forget(&mut self, id: u32) {
        self.owned.remove(&id);
    }
}
