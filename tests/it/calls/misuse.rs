//! What the host does wrong, and what it is told.

use luago::{Engine, Error, Function, Limits, Module, Sandbox, SandboxPool, Value};
use luago_test_support::folders;
use luago_test_support::sandboxes::{builder, call, load, refusal, result, run, sandbox};
use std::sync::{Arc, Mutex, OnceLock};

const FOREIGN: &str = "a function handle belongs to another sandbox; get it from the sandbox that \
                       is to call it";
const DEAD: &str = "this sandbox has been stopped or has exited, or a call of it was dropped, and \
                    it cannot run again; reset it or build a new one";

fn nothing(_: &luago::Context, (): ()) -> Result<(), String> {
    Ok(())
}

#[track_caller]
fn invalid<T>(result: Result<T, Error>, expected: &str) {
    let error = result.map(drop).unwrap_err();
    assert!(error.is_invalid(), "{error}");
    assert_eq!(error.to_string(), expected);
}

for_each_version! {
    fn a_dead_sandbox_refuses_everything(lua) {
        let mut sandbox = sandbox(lua);
        run(&mut sandbox, "function f() end");
        let f: Function = sandbox.get("f").unwrap();
        call::<()>(&mut sandbox, "os.exit(1)", ()).unwrap_err();
        let results: [Result<(), Error>; 9] = [
            sandbox.call("f", ()),
            sandbox.call(&f, ()),
            sandbox.get("f"),
            sandbox.set("f", 1),
            sandbox.load(&luago::Script::new("x", "")).map(drop),
            sandbox.run(&luago::Script::new("x", "")).map(drop),
            sandbox.create_function(nothing).map(drop),
            sandbox.function("late", nothing),
            sandbox.into_template().map(drop),
        ];
        for (index, result) in results.into_iter().enumerate() {
            let error = result.unwrap_err();
            assert!(error.is_dead(), "{index}: {error}");
            assert_eq!(error.to_string(), DEAD, "{index}");
        }
    }

    fn a_handle_of_another_sandbox_is_refused(lua) {
        let (mut one, mut other) = (sandbox(lua), sandbox(lua));
        let foreign = load(&mut one, "return 1");
        let own = load(&mut other, "return ...");
        let results: [Result<Value, Error>; 5] = [
            other.call(&foreign, ()),
            other.call(&own, &foreign),
            other.call(&own, vec![&own, &foreign]),
            other.call(&own, Value::from(vec![foreign.clone().into()])),
            other.set("f", &foreign).map(|()| Value::Nil),
        ];
        for (index, result) in results.into_iter().enumerate() {
            let error = result.unwrap_err();
            assert!(error.is_foreign(), "{index}: {error}");
            assert_eq!(error.to_string(), FOREIGN, "{index}");
        }
        assert_eq!(other.call::<i64>(&own, 5).unwrap(), 5);
        assert_eq!(one.call::<i64>(&foreign, ()).unwrap(), 1);
    }

    fn a_host_function_that_returns_a_handle_of_another_sandbox_raises_an_error(lua) {
        let mut other = sandbox(lua);
        let foreign = load(&mut other, "return 1");
        let give = move |_: &luago::Context, ()| Ok::<_, String>(foreign.clone());
        let mut sandbox = builder(lua).function("give", give).build().unwrap();
        let text = refusal(call::<Value>(&mut sandbox, "return give()", ()));
        assert!(text.starts_with("test:1: bad result of 'give': "), "{text}");
        assert!(text.ends_with("a function of another sandbox cannot be passed to this one"), "{text}");
    }

    fn a_handle_from_before_a_reset_is_refused(lua) {
        let mut sandbox = sandbox(lua);
        let old = load(&mut sandbox, "return 1");
        sandbox.reset().unwrap();
        assert_eq!(refusal(sandbox.call::<i64>(&old, ())), FOREIGN);
    }

    fn two_functions_of_one_name_are_a_mistake(lua) {
        let twice = |name: &str| format!("'{name}' is registered twice; each name can be given once");
        let builders = [
            (builder(lua).function("f", nothing).function("f", nothing), twice("f")),
            (builder(lua).function("a.b", nothing).async_function("a.b", |_, ()| async { Ok::<_, String>(()) }), twice("a.b")),
            (builder(lua).function("a.b", nothing).global(Module::new("a").value("b", 1)), twice("a.b")),
            (builder(lua).module(Module::new("m").value("x", 1).value("x", 2)), twice("m.x")),
            (builder(lua).module(Module::new("m").value("x", 1)).module(Module::new("m").value("x", 2)), twice("m.x")),
        ];
        for (builder, expected) in builders {
            invalid(builder.build(), &expected);
        }
        let mut sandbox = builder(lua).function("f", nothing).build().unwrap();
        invalid(sandbox.function("f", nothing), &twice("f"));
        sandbox.function("g", nothing).unwrap();
        invalid(sandbox.function("g", nothing), &twice("g"));
        sandbox.module(Module::new("m").value("x", 1)).unwrap();
        invalid(sandbox.module(Module::new("m").value("y", 1).value("x", 1)), &twice("m.x"));
        // Nothing of a module that is refused is registered.
        sandbox.module(Module::new("m").value("y", 1)).unwrap();
        assert_eq!(result::<i64>(&mut sandbox, "return require('m').x + require('m').y"), 2);
    }

    fn every_mistake_is_reported_at_once(lua) {
        let builder = builder(lua)
            .limits(Limits::default().memory(1).value_depth(0))
            .function("", nothing)
            .function("a..b", nothing)
            .module(Module::new(""))
            .global(Module::new("m").value("big", u64::MAX).function("", nothing));
        invalid(builder.build(), "a memory limit of 1 bytes is too small; a guest starts with 2 MiB; \
            a limit of 0 levels of tables is not between 1 and 200; \
            '' is no name for a function or value of the host; \
            'a..b' is no name for a function or value of the host; \
            a module needs a name; \
            the value 'm.big' cannot be passed: value: 18446744073709551615 does not fit in an integer of Lua (i64); \
            'm.' is no name for a function or value of the host");
    }

    fn a_missing_function_is_said_to_be_missing(lua) {
        let mut sandbox = sandbox(lua);
        run(&mut sandbox, "t = {n = 5}");
        for name in ["none", "t.f", "t.n", "t.n.f", "", "t.", "t"] {
            let error = sandbox.call::<()>(name, ()).unwrap_err();
            assert!(error.is_missing(), "{name}: {error}");
            let expected = format!("there is no function '{name}' to call; load the script that \
                defines it first, as a global");
            assert_eq!(error.to_string(), expected);
        }
    }

    fn a_result_of_another_type_leaves_the_sandbox_alive(lua) {
        let mut sandbox = sandbox(lua);
        let error = call::<i64>(&mut sandbox, "return 'x'", ()).unwrap_err();
        assert!(error.is_conversion() && error.lua_error().is_none() && error.end().is_none());
        assert_eq!(error.to_string(), "result: expected integer, got string \"x\"");
        assert_eq!(refusal(sandbox.get::<i64>("string")), "result: expected integer, got table");
        assert_eq!(result::<i64>(&mut sandbox, "return 1"), 1);
    }

    fn a_template_cannot_hold_functions_of_create_function(lua) {
        let mut sandbox = sandbox(lua);
        let made = sandbox.create_function(nothing).unwrap();
        sandbox.set("made", &made).unwrap();
        drop(made);
        invalid(sandbox.into_template(), "a function of create_function belongs to one sandbox and \
            cannot be part of a template; register it by name");
    }

    fn a_pool_of_none_is_a_mistake(lua) {
        let template = sandbox(lua).into_template().unwrap();
        invalid(SandboxPool::new(template, 0), "a pool cannot have 0 sandboxes");
    }

    fn a_sandbox_locked_by_its_own_call_is_found_locked(lua) {
        type Shared = (&'static str, Arc<Mutex<Sandbox>>);
        static SHARED: OnceLock<Mutex<Vec<Shared>>> = OnceLock::new();
        let again = move |_: &luago::Context, ()| {
            let all = SHARED.get().unwrap().lock().unwrap();
            let (_, own) = all.iter().find(|(name, _)| *name == lua).unwrap();
            match own.try_lock() {
                Ok(_) => Ok(()),
                Err(error) => Err(error.to_string()),
            }
        };
        let sandbox = Arc::new(Mutex::new(builder(lua).function("again", again).build().unwrap()));
        let all = SHARED.get_or_init(Mutex::default);
        all.lock().unwrap().push((lua, Arc::clone(&sandbox)));
        let text = refusal(sandbox.lock().unwrap().call::<()>("again", ()));
        assert_eq!(text, "try_lock failed because the operation would block");
    }
}

#[test]
fn an_engine_of_none_is_a_mistake() {
    invalid(Engine::builder().max_sandboxes(0).build(), "max_sandboxes is 0; an engine needs 1");
}

#[test]
fn a_full_engine_is_busy_until_a_sandbox_is_dropped() {
    let engine =
        Engine::builder().cache_dir(folders::compile_cache()).max_sandboxes(2).build().unwrap();
    let build = || Sandbox::builder(&engine).build();
    let (one, mut two) = (build().unwrap(), build().unwrap());
    let error = build().unwrap_err();
    assert!(error.is_busy());
    assert_eq!(
        error.to_string(),
        "the engine already holds 2 live sandboxes; drop some, or build the engine with a higher \
         max_sandboxes"
    );
    assert_eq!(result::<i64>(&mut two, "return 1"), 1);
    two.reset().unwrap();
    let template = one.into_template().unwrap();
    let copy = template.instantiate().unwrap();
    assert!(template.instantiate().unwrap_err().is_busy());
    drop(copy);
    assert!(template.instantiate().is_ok());
}

#[test]
fn limits_that_cannot_work_are_named() {
    let build =
        |limits| Sandbox::builder(luago_test_support::sandboxes::engine()).limits(limits).build();
    invalid(
        build(Limits::default().value_depth(201)),
        "a limit of 201 levels of tables is not between 1 and 200",
    );
    invalid(
        build(Limits::default().deadline(std::time::Duration::ZERO)),
        "a deadline of zero leaves no time to run",
    );
}
