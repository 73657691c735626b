//! An event as one flat JSON object, and back.

use super::{BridgeEvent, DoneStatus, Phase, WaitsFor};
use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::borrow::Cow;
use std::sync::Arc;
use std::time::Duration;

/// The fields in the order in which they are written, whatever the event is.
#[derive(Serialize, Deserialize)]
struct Flat<'a> {
    seq: u64,
    time: f64,
    task: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    parent: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    coroutine: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    goroutine: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    guest: Option<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<Cow<'a, str>>,
    phase: Cow<'a, str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<DoneStatus>,
    #[serde(skip_serializing_if = "Option::is_none")]
    waits_for: Option<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    waits_for_task: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    waits_for_name: Option<Cow<'a, str>>,
}

impl Serialize for BridgeEvent {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (phase, status) = match self.phase {
            Phase::Start => ("start", None),
            Phase::Pause => ("pause", None),
            Phase::Resume => ("resume", None),
            Phase::Done(status) => ("done", Some(status)),
            Phase::Released => ("released", None),
        };
        let (waits_for, waits_for_task, waits_for_name) = match &self.waits_for {
            None => (None, None, None),
            Some(WaitsFor::Task(task)) => (Some("task"), Some(*task), None),
            Some(WaitsFor::Call(task)) => (Some("call"), Some(*task), None),
            Some(WaitsFor::Timer) => (Some("timer"), None, None),
            Some(WaitsFor::Host(name)) => (Some("host"), None, Some(&**name)),
            Some(WaitsFor::Goroutines) => (Some("goroutines"), None, None),
        };
        Flat {
            seq: self.seq,
            time: self.time.as_secs_f64(),
            task: self.task,
            parent: self.parent,
            coroutine: self.coroutine,
            goroutine: self.goroutine,
            guest: self.guest.as_deref().map(Cow::Borrowed),
            name: self.name.as_deref().map(Cow::Borrowed),
            phase: Cow::Borrowed(phase),
            status,
            waits_for: waits_for.map(Cow::Borrowed),
            waits_for_task,
            waits_for_name: waits_for_name.map(Cow::Borrowed),
        }
        .serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for BridgeEvent {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<BridgeEvent, D::Error> {
        let flat = Flat::deserialize(deserializer)?;
        Ok(BridgeEvent {
            time: Duration::try_from_secs_f64(flat.time)
                .map_err(|_| D::Error::custom(format!("{} is no time in seconds", flat.time)))?,
            phase: flat.phase()?,
            waits_for: flat.waits_for()?,
            seq: flat.seq,
            task: flat.task,
            parent: flat.parent,
            coroutine: flat.coroutine,
            goroutine: flat.goroutine,
            guest: flat.guest.map(Arc::from),
            name: flat.name.map(Arc::from),
        })
    }
}

impl Flat<'_> {
    fn phase<E: Error>(&self) -> Result<Phase, E> {
        Ok(match &*self.phase {
            "start" => Phase::Start,
            "pause" => Phase::Pause,
            "resume" => Phase::Resume,
            "done" => Phase::Done(self.status.ok_or_else(|| E::missing_field("status"))?),
            "released" => Phase::Released,
            other => {
                let known = &["start", "pause", "resume", "done", "released"];
                return Err(E::unknown_variant(other, known));
            }
        })
    }

    fn waits_for<E: Error>(&self) -> Result<Option<WaitsFor>, E> {
        let task = || self.waits_for_task.ok_or_else(|| E::missing_field("waits_for_task"));
        let name =
            || self.waits_for_name.as_deref().ok_or_else(|| E::missing_field("waits_for_name"));
        Ok(match self.waits_for.as_deref() {
            None => None,
            Some("task") => Some(WaitsFor::Task(task()?)),
            Some("call") => Some(WaitsFor::Call(task()?)),
            Some("timer") => Some(WaitsFor::Timer),
            Some("host") => Some(WaitsFor::Host(Arc::from(name()?))),
            Some("goroutines") => Some(WaitsFor::Goroutines),
            Some(other) => {
                let known = &["task", "call", "timer", "host", "goroutines"];
                return Err(E::unknown_variant(other, known));
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::option;
    use proptest::prelude::*;

    fn any_phase() -> impl Strategy<Value = Phase> {
        use DoneStatus::*;
        let all = [Ok, Error, Panic, Goexit, Cancelled, TimedOut, Dead, Leaked].map(Phase::Done);
        let mut phases = vec![Phase::Start, Phase::Pause, Phase::Resume, Phase::Released];
        phases.extend(all);
        proptest::sample::select(phases)
    }

    fn any_waits_for() -> impl Strategy<Value = WaitsFor> {
        prop_oneof![
            any::<u64>().prop_map(WaitsFor::Task),
            any::<u64>().prop_map(WaitsFor::Call),
            Just(WaitsFor::Timer),
            any::<String>().prop_map(|name| WaitsFor::Host(name.into())),
            Just(WaitsFor::Goroutines),
        ]
    }

    prop_compose! {
        fn any_event()(
            (seq, task) in any::<(u64, u64)>(),
            nanoseconds in 0..4_000_000_000_000_000_u64,
            (parent, coroutine, goroutine) in any::<(Option<u64>, Option<u64>, Option<u64>)>(),
            (guest, name) in any::<(Option<String>, Option<String>)>(),
            phase in any_phase(),
            waits_for in option::of(any_waits_for()),
        ) -> BridgeEvent {
            BridgeEvent {
                seq,
                time: Duration::from_nanos(nanoseconds),
                task,
                parent,
                coroutine,
                goroutine,
                guest: guest.map(Arc::from),
                name: name.map(Arc::from),
                phase,
                waits_for,
            }
        }
    }

    proptest! {
        #[test]
        fn an_event_comes_back_from_json_as_it_was(event in any_event()) {
            let line = serde_json::to_string(&event).unwrap();
            prop_assert!(!line.contains('\n'));
            prop_assert_eq!(serde_json::from_str::<BridgeEvent>(&line).unwrap(), event);
        }
    }

    #[test]
    fn the_shape_of_each_kind_of_event_is_stable() {
        for line in [
            r#"{"seq":1,"time":0.000123,"task":3,"parent":1,"goroutine":18,"guest":"geo","name":"distance","phase":"start"}"#,
            r#"{"seq":2,"time":1.5,"task":3,"coroutine":2,"phase":"pause","waits_for":"task","waits_for_task":4}"#,
            r#"{"seq":3,"time":1.5,"task":3,"phase":"pause","waits_for":"call","waits_for_task":5}"#,
            r#"{"seq":4,"time":1.5,"task":3,"phase":"pause","waits_for":"timer"}"#,
            r#"{"seq":5,"time":1.5,"task":3,"phase":"pause","waits_for":"host","waits_for_name":"fetch"}"#,
            r#"{"seq":6,"time":1.5,"task":3,"phase":"pause","waits_for":"goroutines"}"#,
            r#"{"seq":7,"time":1.5,"task":3,"phase":"resume"}"#,
            r#"{"seq":8,"time":1.5,"task":3,"phase":"done","status":"timed-out"}"#,
            r#"{"seq":9,"time":1.5,"task":3,"phase":"released"}"#,
        ] {
            let event: BridgeEvent = serde_json::from_str(line).unwrap();
            assert_eq!(serde_json::to_string(&event).unwrap(), line);
        }
    }

    #[test]
    fn fields_of_later_versions_are_passed_over() {
        let line = r#"{"seq":1,"time":0,"task":1,"phase":"start","colour":"red"}"#;
        assert!(serde_json::from_str::<BridgeEvent>(line).is_ok());
    }

    #[test]
    fn what_is_no_event_gives_an_error_that_says_why() {
        for (rest, why) in [
            (r#""time":0,"phase":"stop""#, "unknown variant `stop`"),
            (r#""time":0,"phase":"done""#, "missing field `status`"),
            (r#""time":0,"phase":"done","status":"fine""#, "unknown variant `fine`"),
            (r#""time":-1,"phase":"start""#, "-1 is no time in seconds"),
            (r#""time":1e30,"phase":"start""#, "is no time in seconds"),
            (r#""time":0,"phase":"pause","waits_for":"luck""#, "unknown variant `luck`"),
            (r#""time":0,"phase":"pause","waits_for":"call""#, "missing field `waits_for_task`"),
            (r#""time":0,"phase":"pause","waits_for":"host""#, "missing field `waits_for_name`"),
        ] {
            let line = format!(r#"{{"seq":1,"task":1,{rest}}}"#);
            let error = serde_json::from_str::<BridgeEvent>(&line).unwrap_err().to_string();
            assert!(error.contains(why), "{line}: {error}");
        }
    }
}
