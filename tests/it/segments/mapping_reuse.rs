//! What is mapped again and again takes no more than what is mapped once.

use super::guests::{lua_only, sandbox};
use super::process;
use luago::{Sandbox, SandboxPool, Segment, Sharing};
use luago_test_support::sandboxes::{call, load, run};

const TIMES: usize = 10_000;

#[derive(Debug, PartialEq)]
struct Used {
    files: usize,
    segments: usize,
    mapped_segments: usize,
    ranges: usize,
    bytes: u64,
}

fn used() -> Used {
    let (ranges, bytes) = process::mapped();
    let (files, segments) = (process::open_files(), process::segments());
    Used { files, segments, mapped_segments: process::mapped_segments(), ranges, bytes }
}

/// Does something a few times, and then very often: it takes no more.
fn stays_flat(mut round: impl FnMut(usize)) {
    process::alone(|| {
        round(100);
        let before = used();
        round(TIMES);
        let after = used();
        assert_eq!(
            (before.files, before.segments, before.mapped_segments),
            (after.files, after.segments, after.mapped_segments)
        );
        // The allocator of this process may have taken a little more.
        assert!(after.ranges <= before.ranges + 16, "{before:?} {after:?}");
        assert!(after.bytes <= before.bytes + (32 << 20), "{before:?} {after:?}");
    });
}

fn twice(sharing: Sharing, code: &'static str) {
    stays_flat(move |times| {
        let mut sandbox = sandbox("5.4", sharing);
        call::<()>(&mut sandbox, code, times).unwrap();
        sandbox.close().unwrap();
    });
}

for_each_sharing! {
    fn segments_that_lua_makes_and_closes(sharing) {
        twice(sharing, "
            for i = 1, ... do
                local s = luago.segment(4096 * (i % 40 + 1))
                assert(s:u8(1) == 0 and s:u8(-1) == 0)
                s:fill(255, 1, 1) s:fill(255, -1)
                s:close()
            end");
    }

    fn segments_that_lua_makes_and_forgets(sharing) {
        twice(sharing, "
            for i = 1, ... do
                assert(luago.segment(70000):u8(-1) == 0)
                if i % 30 == 0 then collectgarbage() end
            end
            collectgarbage()");
    }

    fn segments_that_go_makes_and_closes(sharing) {
        twice(sharing, "a.make_and_close(..., 70000)");
    }

    fn segments_that_pass_between_lua_and_two_go_guests(sharing) {
        twice(sharing, "
            for i = 1, ... do
                local s = luago.segment(8192)
                a.fill(s, i % 256)
                assert(b.sum(s) == 8192 * (i % 256))
                assert(a.stale == nil or not pcall(a.stale, s))
                s:close()
                if i % 16 == 0 then b.collect() end
            end");
    }

    fn a_new_segment_of_the_host_for_each_call(sharing) {
        stays_flat(move |times| {
            let mut sandbox = lua_only("5.4", sharing);
            let sum = load(&mut sandbox, "local s = ... local n = s:u8(1) + s:u8(-1) s:close() return n");
            for n in 0..times {
                let segment = Segment::new(4096 * (n % 5 + 1)).unwrap();
                segment.write_at(0, &[n as u8]).unwrap();
                assert_eq!(sandbox.call::<usize>(&sum, &segment).unwrap(), n % 256);
            }
        });
    }

    fn segments_of_the_host_that_nobody_closes_go_with_the_garbage(sharing) {
        stays_flat(move |times| {
            let mut sandbox = lua_only("5.4", sharing);
            let sum = load(&mut sandbox, "return (...):u8(1)");
            for n in 0..times {
                let segment = Segment::new(4096).unwrap();
                assert_eq!(sandbox.call::<usize>(&sum, &segment).unwrap(), 0);
                if n % 100 == 0 {
                    run(&mut sandbox, "collectgarbage()");
                }
            }
        });
    }

    fn one_segment_in_a_thousand_sandboxes_of_a_pool(sharing) {
        process::alone(|| {
            let mut first = lua_only("5.4", sharing);
            run(&mut first, "function use(s) kept = s s:u8(1, s:u8(1) + 1) luago.segment(100000):fill(1) end");
            let pool = SandboxPool::new(first.into_template().unwrap(), 4).unwrap();
            let segment = Segment::new(10_000).unwrap();
            let mut before = None;
            for n in 0..1000 {
                let (mut one, mut two) = (pool.get().unwrap(), pool.get().unwrap());
                one.call::<()>("use", &segment).unwrap();
                segment.write_at(0, &[0]).unwrap();
                two.call::<()>("use", &segment).unwrap();
                drop((one, two));
                if n == 100 {
                    before = Some(used());
                }
            }
            let (before, after) = (before.unwrap(), used());
            assert_eq!((before.files, before.mapped_segments), (after.files, after.mapped_segments));
            assert!(after.ranges <= before.ranges + 16, "{before:?} {after:?}");
            assert!(after.bytes <= before.bytes + (32 << 20), "{before:?} {after:?}");
        });
    }

    fn rings_that_are_made_used_and_closed(sharing) {
        twice(sharing, "
            for i = 1, ... do
                local to, from = luago.ring(64)
                to:send 'x' to:close()
                assert(from:receive() == 'x' and from:receive() == nil)
                if i % 30 == 0 then collectgarbage() end
            end
            collectgarbage()");
    }
}

#[test]
fn a_thousand_mapped_at_once_are_given_back_with_the_sandbox() {
    process::alone(|| {
        let segments: Vec<Segment> = (0..1000).map(|_| Segment::new(4096).unwrap()).collect();
        let round = || {
            let mut sandbox: Sandbox = lua_only("5.4", Sharing::Mapped);
            call::<()>(
                &mut sandbox,
                "kept = ... for i, s in ipairs(kept) do s:u8(1, s:u8(1) + 1) end",
                (&segments,),
            )
            .unwrap();
            assert!(process::mapped_segments() >= 1000);
        };
        round();
        let before = used();
        round();
        assert_eq!(used().mapped_segments, before.mapped_segments);
        assert!(used().ranges <= before.ranges + 16);
        assert!(segments.iter().all(|one| one.to_vec().unwrap()[0] == 2));
    });
}
