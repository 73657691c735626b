//! A guest that lies about segments, and puts what the host reads into them.

use super::guests::{engine, guest};
use crate::go::guests::build;
use luago::{GoGrant, GoModule, Sandbox, Sharing};
use luago_test_support::sandboxes::{limits, result, run};
use std::sync::OnceLock;
use std::time::Duration;

fn violator(sharing: Sharing) -> GoModule {
    static MAPPED: OnceLock<GoModule> = OnceLock::new();
    static COPIED: OnceLock<GoModule> = OnceLock::new();
    let module = if sharing == Sharing::Mapped { &MAPPED } else { &COPIED };
    module.get_or_init(|| GoModule::from_file(engine(sharing), build("violator")).unwrap()).clone()
}

/// What calling the violator gives, by a task and directly: its result or its error. The other
/// guest and the host live on.
fn told(sharing: Sharing, violation: &str) -> [String; 2] {
    let grant = GoGrant::new().env("VIOLATION", violation).busy(Duration::from_secs(5));
    let mut sandbox = Sandbox::builder(engine(sharing))
        .limits(limits().deadline(None))
        .go("violator", violator(sharing), grant)
        .go("a", guest(sharing), GoGrant::new())
        .build()
        .unwrap();
    let told: Vec<String> = result(
        &mut sandbox,
        "
        local luago = require 'luago'
        local function told(name)
            local ok, violator = pcall(require, 'violator')
            if not ok then return tostring(violator) end
            return tostring(select(2, pcall(violator[name], ('x'):rep(20000))))
        end
        local task, direct = told 'violate', told 'violate_directly'
        assert(require('a').sum(luago.segment(9)) == 0)
        return {task, direct}",
    );
    run(&mut sandbox, "assert(require('a').sum_task(require('luago').segment(9)) == 0)");
    assert!(sandbox.close().unwrap().is_returned());
    told.try_into().unwrap()
}

for_each_sharing! {
    fn a_guest_that_speaks_the_abi_by_itself_can_pass_a_segment(sharing) {
        assert_eq!(told(sharing, "segment"), ["segment of 65536 bytes"; 2]);
    }

    fn segments_that_cannot_be_are_errors(sharing) {
        for violation in [
            "segment of nothing", "segment that is closed", "segment without a range",
            "segment with a string", "segment too long", "segment beyond its end",
            "segment endless", "segment as a key", "view of nothing", "view of a number",
            "view without a layout", "view of another size",
        ] {
            for why in told(sharing, violation) {
                assert!(why.contains("violator") || why.contains("closed"), "{violation}: {why}");
                assert!(!why.contains("attempt to") && !why.starts_with("segment of"), "{violation}: {why}");
            }
        }
    }

    fn a_view_of_nonsense_is_a_view_that_fits_nothing(sharing) {
        for why in told(sharing, "view of nonsense") {
            assert!(why.contains("view") || why.contains("violator"), "{why}");
        }
    }

    fn strings_in_a_segment_are_copied(sharing) {
        for text in told(sharing, "string in a segment") {
            assert!(text == "\0".repeat(100) || text.contains("violator"), "{text}");
        }
        let _ = told(sharing, "string into a segment");
    }
}

#[test]
fn what_the_host_reads_of_a_guest_cannot_lie_in_a_segment() {
    for violation in [
        "block in a segment",
        "inbox in a segment",
        "outbox in a segment",
        "events in a segment",
        "functions in a segment",
        "room in a segment",
        "frame in a segment",
        "frame into a segment",
    ] {
        let told = told(Sharing::Mapped, violation);
        assert!(told.iter().any(|why| why.contains("violator")), "{violation}: {told:?}");
    }
}
