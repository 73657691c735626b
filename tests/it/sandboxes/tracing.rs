//! What a subscriber of `tracing` sees of a sandbox.

use luago_test_support::sandboxes::{builder, limits, load};
use std::fmt::Write;
use std::sync::{Arc, Mutex, Once};
use std::time::Duration;
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::subscriber::Interest;
use tracing::{Event, Metadata, Subscriber};

/// Keeps the names of spans and the fields of events of luago, in order.
#[derive(Clone, Default)]
struct Seen(Arc<Mutex<Vec<String>>>);

struct Fields(String);

impl Visit for Fields {
    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        let _ = write!(self.0, " {}={value:?}", field.name());
    }
}

impl Seen {
    fn note(&self, metadata: &Metadata<'_>, kind: &str, fields: impl FnOnce(&mut Fields)) {
        if metadata.target().starts_with("luago") {
            let mut text = Fields(kind.to_string());
            fields(&mut text);
            self.0.lock().unwrap().push(text.0);
        }
    }

    fn lines(&self) -> Vec<String> {
        self.0.lock().unwrap().clone()
    }
}

impl Subscriber for Seen {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        self.note(span.metadata(), span.metadata().name(), |fields| span.record(fields));
        Id::from_u64(1)
    }

    fn event(&self, event: &Event<'_>) {
        self.note(event.metadata(), "event", |fields| event.record(fields));
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}
    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn enter(&self, _: &Id) {}
    fn exit(&self, _: &Id) {}
}

/// Runs something, and says what a subscriber saw of it.
fn seen(run: impl FnOnce()) -> Vec<String> {
    /// Sees nothing, but might: otherwise what other tests come across first is switched off in
    /// the whole process for as long as no subscriber wants it.
    struct Undecided;

    impl Subscriber for Undecided {
        fn register_callsite(&self, _: &'static Metadata<'static>) -> Interest {
            Interest::sometimes()
        }

        fn enabled(&self, _: &Metadata<'_>) -> bool {
            false
        }

        fn new_span(&self, _: &Attributes<'_>) -> Id {
            Id::from_u64(1)
        }

        fn event(&self, _: &Event<'_>) {}
        fn record(&self, _: &Id, _: &Record<'_>) {}
        fn record_follows_from(&self, _: &Id, _: &Id) {}
        fn enter(&self, _: &Id) {}
        fn exit(&self, _: &Id) {}
    }

    static ONCE: Once = Once::new();
    ONCE.call_once(|| tracing::subscriber::set_global_default(Undecided).unwrap());
    let seen = Seen::default();
    tracing::subscriber::with_default(seen.clone(), run);
    seen.lines()
}

for_each_version! {
    fn loading_calling_host_functions_and_stops_are_seen(lua) {
        let lines = seen(|| {
            let mut sandbox = builder(lua)
                .limits(limits().deadline(Duration::from_millis(50)))
                .function("db.get", |_, key: String| Ok::<_, String>(key))
                .function("crash", |_, ()| -> Result<(), String> { panic!("on purpose") })
                .build()
                .unwrap();
            let chunk = load(&mut sandbox, "db.get('a') pcall(crash) while true do end");
            sandbox.call::<()>(&chunk, ()).unwrap_err();
        });
        let expected = [
            "load script=test",
            "call",
            "host_function name=\"db.get\"",
            "host_function name=\"crash\"",
            "event message=a host function panicked function=\"crash\" panic=on purpose",
            "event message=a script was stopped: the deadline of 50ms passed stop=\"deadline\"",
        ];
        assert_eq!(lines, expected, "{lua}");
    }

    fn a_call_in_a_future_is_seen(lua) {
        let lines = seen(|| {
            let mut sandbox = builder(lua).build().unwrap();
            let chunk = load(&mut sandbox, "return 1");
            let mut call = sandbox.call_async::<i64>(&chunk, ());
            let mut context = std::task::Context::from_waker(std::task::Waker::noop());
            while call.as_mut().poll(&mut context).is_pending() {}
        });
        assert_eq!(lines, ["load script=test", "call"], "{lua}");
    }
}
