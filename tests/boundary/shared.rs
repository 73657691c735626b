//! What all sandboxes of a process have together.

use crate::measure::{alone, cache};
use luago::{Engine, Sandbox, Script, Segment};

fn sandboxes(count: u32) -> impl Iterator<Item = Sandbox> {
    let engine = Engine::builder().cache_dir(cache()).max_sandboxes(count).build().unwrap();
    (0..count).map(move |_| Sandbox::builder(&engine).build().unwrap())
}

/// How many segments a sandbox can map of these before it is refused another.
fn map(sandbox: &mut Sandbox, segments: &[Segment]) -> usize {
    let code = "kept = ...
        for i, s in ipairs(kept) do
            local ok, why = pcall(s.u8, s, 1, 1)
            if not ok then
                assert(tostring(why):find('too many of them mapped', 1, true)
                    or tostring(why):find('close some of them first', 1, true), why)
                return i - 1
            end
        end
        return #kept";
    let function = sandbox.load(&Script::new("map", code)).unwrap();
    sandbox.call(&function, (segments,)).unwrap()
}

#[test]
fn sandboxes_that_map_all_they_can_leave_some_mappings_to_others() {
    alone("shared::sandboxes_that_map_all_they_can_leave_some_mappings_to_others", || {
        let segments: Vec<Segment> = (0..1000).map(|_| Segment::new(1).unwrap()).collect();
        let mut greedy: Vec<Sandbox> = sandboxes(40).collect();
        let mut modest = greedy.split_off(20);
        let mapped: Vec<usize> = greedy.iter_mut().map(|one| map(one, &segments)).collect();
        assert!(mapped[0] == 1000 && mapped[19] < 1000, "{mapped:?}");
        for one in &mut modest {
            assert_eq!(map(one, &segments[..3]), 3, "{mapped:?}");
        }
    });
}

#[test]
fn a_thousand_sandboxes_have_a_few_segments_each() {
    alone("shared::a_thousand_sandboxes_have_a_few_segments_each", || {
        let segments: Vec<Segment> = (0..8).map(|_| Segment::new(1).unwrap()).collect();
        let mut kept: Vec<Sandbox> = sandboxes(1000).collect();
        for one in &mut kept {
            assert_eq!(map(one, &segments), 8);
        }
    });
}

#[test]
fn sandboxes_that_make_all_the_segments_they_can_leave_some_files_to_others() {
    alone(
        "shared::sandboxes_that_make_all_the_segments_they_can_leave_some_files_to_others",
        || {
            let make = "local luago, most = require 'luago', ...
            kept = {}
            for i = 1, most do
                local ok, made = pcall(luago.segment, 1)
                if not ok then
                    assert(tostring(made):find('close some of them first', 1, true), made)
                    return i - 1
                end
                kept[i] = made
            end
            return most";
            let script = Script::new("make", make);
            let make = |sandbox: &mut Sandbox, most: u32| -> u32 {
                let function = sandbox.load(&script).unwrap();
                sandbox.call(&function, most).unwrap()
            };
            let mut greedy: Vec<Sandbox> = sandboxes(104).collect();
            let mut modest = greedy.split_off(64);
            let made: Vec<u32> = greedy.iter_mut().map(|one| make(one, 100)).collect();
            assert!(made[0] <= 64 && made[63] < 64, "{made:?}");
            for one in &mut modest {
                assert_eq!(make(one, 1), 1, "{made:?}");
            }
        },
    );
}
