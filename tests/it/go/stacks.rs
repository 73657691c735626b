//! How deep a Go guest can go down, and what becomes of one that goes deeper.

use super::guests::{fixtures, granted, plain};
use luago::{GoGrant, Restart};
use luago_test_support::sandboxes::{builder, refusal, result, run};

const TOO_DEEP: &str = "the Go guest 'fixtures' used up its stack of 16 MiB: a recursion in it is too \
                        deep; grant it more with stack=SIZE";

for_each_version! {
    fn json_is_as_deep_as_in_any_program_of_go(lua) {
        let mut sandbox = plain(lua);
        run(&mut sandbox, "
            for _, n in ipairs { 1000, 5000, 9000, 9999, 10000 } do
                assert(fixtures.depth_of_json(n) == n)
            end
            local why = caught(fixtures.depth_of_json, 10001)
            assert(why:find('exceeded max depth', 1, true), why)
            assert(fixtures.levels(100000) == 100000)
            assert(fixtures.depth_of_json(10000) == 10000)");
    }
}

#[test]
fn a_stack_that_was_granted_is_the_bound() {
    for (mib, size) in [(1, 1), (3, 4), (64, 64)] {
        let grant = GoGrant::new().stack(mib << 20).memory(1 << 30).restart(Restart::OnFailure);
        let mut sandbox = granted("5.4", grant);
        for call in ["fixtures.levels", "fixtures.levels_directly"] {
            let why: String = result(&mut sandbox, &format!("return caught({call}, 2 ^ 50)"));
            assert!(why.contains(&format!("used up its stack of {size} MiB")), "{call}: {why}");
            run(&mut sandbox, "assert(fixtures.add_task(1, 2) == 3 and more.add_task(1, 2) == 3)");
        }
    }
}

#[test]
fn a_recursion_without_end_is_the_end_of_a_worker_alone() {
    let mut sandbox = granted("5.4", GoGrant::new().workers(2).restart(Restart::OnFailure));
    let why: String = result(&mut sandbox, "return caught(fixtures.levels, 2 ^ 50)");
    assert!(why.contains(TOO_DEEP), "{why}");
    run(&mut sandbox, "assert(fixtures.add_task(1, 2) == 3)");
}

#[test]
fn a_recursion_without_end_is_an_error_of_a_call_that_is_a_future() {
    let mut sandbox = granted("5.4", GoGrant::new().restart(Restart::OnFailure));
    for call in ["fixtures.levels", "fixtures.levels_directly"] {
        let code = format!("return caught({call}, 2 ^ 50), fixtures.add(1, 2)");
        let chunk = luago_test_support::sandboxes::load(&mut sandbox, &code);
        let future = sandbox.call_async::<(String, i64)>(&chunk, ());
        let (why, sum) = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap()
            .block_on(future)
            .unwrap();
        assert!(why.contains(TOO_DEEP), "{why}");
        assert_eq!(sum, 3);
    }
}

#[test]
fn a_guest_that_recurses_as_it_starts_does_not_start() {
    let grant = || GoGrant::new().env("AT_START", "recurse");
    for grant in [grant(), grant().workers(1)] {
        let mut sandbox = builder("5.4").go("fixtures", fixtures(), grant).build().unwrap();
        let why = refusal(luago_test_support::sandboxes::call::<()>(
            &mut sandbox,
            "require 'fixtures'",
            (),
        ));
        assert!(why.contains(TOO_DEEP), "{why}");
    }
}

#[test]
fn a_copy_of_a_template_and_a_thread_with_little_stack_can_go_as_deep() {
    let template = plain("5.4").into_template().unwrap();
    let thread = std::thread::Builder::new().stack_size(1536 << 10).spawn(move || {
        let mut sandbox = template.instantiate().unwrap();
        run(&mut sandbox, "assert(fixtures.depth_of_json(10000) == 10000)");
        // Lua has gone down as far as it can.
        let code = "
            local function down(n)
                if n == 0 then return fixtures.depth_of_json(10000) end
                local _, depth = pcall(down, n - 1)
                return depth
            end
            return down(150)";
        assert_eq!(result::<i64>(&mut sandbox, code), 10000);
        let why: String = result(&mut sandbox, "return caught(fixtures.levels, 2 ^ 50)");
        assert!(why.contains(TOO_DEEP), "{why}");
    });
    thread.unwrap().join().unwrap();
}
