//! What a tenant leaves of segments that it had mapped: nothing in the memory of the next one,
//! and nothing of the next one in the segments.

use super::*;
use crate::memory::fork::tests::sees_zeros;
use crate::{Segment, Sharing, Variadic};
use std::panic::{AssertUnwindSafe, catch_unwind};

const LEN: usize = 300_000;

fn engine(sharing: Sharing) -> Engine {
    let engine = Engine::builder().max_sandboxes(1).sharing(sharing);
    engine.cache_dir(compile_cache()).build().unwrap()
}

/// A segment full of the marker.
fn marked() -> Segment {
    let segment = Segment::new(LEN).unwrap();
    for at in (0..LEN - MARKER.len()).step_by(MARKER.len()) {
        segment.write_at(at, MARKER).unwrap();
    }
    segment
}

/// A tenant that has mapped segments: one to write, one to read, and one of its own.
fn tenant(engine: &Engine, limits: Limits, segment: &Segment) -> Sandbox {
    let builder = Sandbox::builder(engine).limits(limits.output(1 << 20).segments(64 << 20));
    let mut sandbox = builder
        .function("panic", |_, _: Variadic<Value>| -> Result<(), String> {
            std::panic::resume_unwind(Box::new("a host function panics"))
        })
        .build()
        .unwrap();
    let map = Script::new(
        "map",
        "local s, r = ...
         luago = require 'luago'
         own = luago.segment(#s)
         own:copy(s)
         assert(r:string(1, 32) == s:string(1, 32) and own:string(1, 32) == r:string(1, 32))
         kept = {s, r, own}
         marker = ('left behind by '):sub(1)",
    );
    let map = sandbox.load(&map).unwrap();
    sandbox.call::<()>(&map, (segment, segment.read_only())).unwrap();
    sandbox
}

/// Whether the marker is anywhere, and whether all memory is the guest's own. What is written everywhere
/// is not to show up in the segment.
fn takes_over(sandbox: &mut Sandbox, segment: &Segment) {
    assert!(!finds_marker(sandbox), "the next one finds something");
    let before = segment.to_vec().unwrap();
    let size = sandbox.guest.parts().0.bytes().whole().unwrap().len() as u32;
    let (mut memory, _) = sandbox.guest.parts();
    memory.get_mut(0, size).unwrap().fill(0x77);
    assert!(segment.to_vec().unwrap() == before, "the next one reaches the segment");
}

/// Runs a tenant to its end, whatever that is, and looks at what comes after it.
fn leaves_nothing(limits: &Limits, end: impl Fn(&mut Sandbox)) {
    for sharing in [Sharing::Mapped, Sharing::Copied] {
        let (engine, segment) = (engine(sharing), marked());
        let before = segment.to_vec().unwrap();
        let mut sandbox = tenant(&engine, limits.clone(), &segment);
        end(&mut sandbox);
        sandbox.reset().unwrap();
        assert!(!finds_marker(&mut sandbox), "{sharing:?}: after a reset");
        drop(sandbox);
        let mut sandbox = tenant(&engine, limits.clone(), &segment);
        end(&mut sandbox);
        drop(sandbox);
        assert!(segment.to_vec().unwrap() == before, "{sharing:?}: the segment was changed");
        let next = Sandbox::builder(&engine).limits(limits.clone());
        takes_over(&mut next.build().unwrap(), &segment);
    }
}

fn limits() -> Limits {
    Limits::default().memory(128 << 20)
}

/// Runs a script that ends in some way.
fn ends(code: &'static str) -> impl Fn(&mut Sandbox) {
    move |sandbox: &mut Sandbox| {
        let outcome = sandbox.run(&Script::new("end", code)).unwrap();
        assert!(!outcome.is_returned() || !code.contains("while"), "{outcome:?}");
    }
}

#[test]
fn a_tenant_with_segments_that_returns_leaves_nothing() {
    leaves_nothing(&limits(), ends("return 1"));
}

#[test]
fn a_tenant_with_segments_that_fails_leaves_nothing() {
    leaves_nothing(&limits(), ends("error(kept)"));
}

#[test]
fn a_tenant_with_segments_that_exits_leaves_nothing() {
    leaves_nothing(&limits(), ends("os.exit(1)"));
}

#[test]
fn a_tenant_with_segments_that_is_stopped_by_a_deadline_leaves_nothing() {
    let limits = limits().deadline(Duration::from_millis(300));
    leaves_nothing(&limits, ends("while true do kept[3]:u8(1, 1) end"));
}

#[test]
fn a_tenant_with_segments_that_is_stopped_for_its_fuel_leaves_nothing() {
    leaves_nothing(&limits().fuel(300_000_000), ends("while true do kept[3]:u8(1, 1) end"));
}

#[test]
fn a_tenant_with_segments_that_is_stopped_for_its_memory_leaves_nothing() {
    let limits = Limits::default().memory(64 << 20);
    leaves_nothing(&limits, ends("while true do t = {marker:rep(100000), t} end"));
}

#[test]
fn a_tenant_with_segments_that_is_stopped_for_its_output_leaves_nothing() {
    leaves_nothing(&limits(), ends("while true do print(kept[1]:string()) end"));
}

#[test]
fn a_tenant_with_segments_that_breaks_its_interpreter_leaves_nothing() {
    leaves_nothing(&limits(), |sandbox| {
        let fault = sandbox.end_of(Err(broken("by a test")));
        assert!(matches!(fault, End::Stopped(_)));
    });
}

#[test]
fn a_tenant_with_segments_whose_call_is_dropped_leaves_nothing() {
    leaves_nothing(&limits(), |sandbox| {
        let spin = Script::new("spin", "function spin() while true do kept[3]:u8(1, 1) end end");
        sandbox.run(&spin).unwrap();
        let waker = std::task::Waker::noop();
        let mut call = sandbox.call_async::<()>("spin", ());
        assert!(call.as_mut().poll(&mut std::task::Context::from_waker(waker)).is_pending());
    });
}

#[test]
fn a_tenant_with_segments_whose_host_function_panics_leaves_nothing() {
    leaves_nothing(&limits(), |sandbox| {
        let run = || sandbox.run(&Script::new("panics", "panic(kept[1])"));
        let ended = catch_unwind(AssertUnwindSafe(run));
        assert!(!ended.is_ok_and(|outcome| outcome.is_ok_and(|outcome| outcome.is_returned())));
    });
}

#[test]
fn a_tenant_with_segments_that_is_dropped_by_a_panic_leaves_nothing() {
    for sharing in [Sharing::Mapped, Sharing::Copied] {
        let (engine, segment) = (engine(sharing), marked());
        let before = segment.to_vec().unwrap();
        let ended = catch_unwind(AssertUnwindSafe(|| {
            let _sandbox = tenant(&engine, limits(), &segment);
            std::panic::resume_unwind(Box::new("the host panics"));
        }));
        assert!(ended.is_err());
        assert!(segment.to_vec().unwrap() == before);
        takes_over(&mut build(&engine, limits()), &segment);
    }
}

#[test]
fn a_tenant_that_wrote_where_it_may_only_read_leaves_nothing() {
    leaves_nothing(&limits(), |sandbox| {
        let fault = sandbox.end_of(Err(wasmtime::Trap::MemoryOutOfBounds.into()));
        assert!(matches!(fault, End::Stopped(_)));
    });
}

#[test]
fn a_segment_that_is_closed_leaves_zeros_in_its_place() {
    for sharing in [Sharing::Mapped, Sharing::Copied] {
        let segment = marked();
        let mut sandbox = tenant(&engine(sharing), limits(), &segment);
        let close = "for i = 1, 3 do kept[i]:close() end kept = nil collectgarbage()";
        assert!(sandbox.run(&Script::new("close", close)).unwrap().is_returned());
        sandbox.guest.store.data_mut().segments.unseal_windows();
        let (memory, _) = sandbox.guest.parts();
        let memory = memory.bytes().whole().unwrap();
        let last = memory.len() - LEN;
        if sharing == Sharing::Mapped {
            assert!(!memory[last..].windows(MARKER.len()).any(|bytes| bytes == MARKER));
        }
        takes_over(&mut build(&engine(sharing), limits()), &segment);
    }
}

#[test]
fn a_copy_of_the_process_has_no_segment_in_the_memory_of_its_guests() {
    let (engine, segment) = (engine(Sharing::Mapped), marked());
    let mut sandbox = build(&engine, limits());
    // The memory stays where it is.
    let start = sandbox.guest.parts().0.bytes().whole().unwrap().as_ptr() as usize;
    let map = Script::new("map", "kept = {...} for i = 1, 2 do kept[i]:u8(1) end");
    let map = sandbox.load(&map).unwrap();
    sandbox.call::<()>(&map, (&segment, segment.read_only())).unwrap();
    // Beside the segments there is the rest of their windows, which nobody can write.
    let ranges = sandbox.guest.store.data().segments.shared_ranges().cloned().unwrap();
    let ranges: Vec<_> = ranges.iter().filter(|shared| shared.range.len() >= LEN).collect();
    assert_eq!(ranges.len(), 2);
    let before = segment.to_vec().unwrap();
    for shared in ranges {
        let range = start + shared.range.start as usize..start + shared.range.end as usize;
        assert!(sees_zeros(range));
    }
    assert!(segment.to_vec().unwrap() == before, "the copy reaches the segment");
    let still =
        Script::new("still", "assert(kept[1]:string(1, 4) == 'left' and kept[2]:u8(1) == 108)");
    assert!(sandbox.run(&still).unwrap().is_returned());
}
