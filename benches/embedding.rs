//! Calls, values and templates beside native Lua 5.4 through mlua, in one run. The last
//! table has each ratio and what it is meant to stay below.

mod common;

use common::median;
use criterion::Criterion;
use luago::{BString, Engine, Function, Sandbox, Script};
use mlua::LuaSerdeExt;
use serde::{Deserialize, Serialize};
use std::hint::black_box;
use std::time::Duration;

/// What stays on the stack of a service: numbers, short strings, a few flags.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Row {
    id: i64,
    parent: i64,
    count: i64,
    size: i64,
    created: i64,
    changed: i64,
    price: f64,
    weight: f64,
    ratio: f64,
    score: f64,
    active: bool,
    hidden: bool,
    locked: bool,
    name: String,
    title: String,
    owner: String,
    country: String,
    currency: String,
    category: String,
    comment: String,
}

fn row() -> Row {
    let text = |text: &str| text.to_string();
    Row {
        id: 123_456,
        parent: 77,
        count: 3,
        size: 1 << 40,
        created: 1_700_000_000,
        changed: 1_700_000_001,
        price: 12.5,
        weight: 0.25,
        ratio: 1.0 / 3.0,
        score: 99.5,
        active: true,
        hidden: false,
        locked: false,
        name: text("widget"),
        title: text("A widget of the better kind"),
        owner: text("ana"),
        country: text("PT"),
        currency: text("EUR"),
        category: text("tools"),
        comment: text("no comment"),
    }
}

const CODE: &str = "
    function add(a, b) return a + b end
    function same(x) return x end
    function take(s) return #s end
    local text = ('x'):rep(1048576)
    function give() return text end
    function loop(n)
        local plus, sum = plus, 0
        for i = 1, n do sum = plus(sum, i) end
        return sum
    end
";

/// Host calls in one iteration of the loop.
const CALLS: i64 = 1000;

/// A script of a thousand lines: functions and tables of settings.
fn long_script() -> String {
    let mut code = String::from("local rules = {}\n");
    for n in 0..166 {
        code.push_str(&format!(
            "rules['rule_{n}'] = function(request, limit)\n  \
               local size = request.size or {n}\n  \
               if size > limit then return false, 'too large: ' .. size end\n  \
               for i = 1, 3 do size = size + i * {n} end\n  \
               return request.name ~= 'name_{n}', size\nend\n"
        ));
    }
    code.push_str("function check(name, size) return rules[name]({size = size}, 100) end\n");
    code
}

fn luago_side(engine: &Engine) -> Sandbox {
    let mut sandbox = Sandbox::builder(engine)
        .function("plus", |_, (a, b): (i64, i64)| Ok::<_, String>(a + b))
        .build()
        .expect("a sandbox");
    assert!(sandbox.run(&Script::new("code", CODE)).expect("a run").is_returned());
    sandbox
}

fn mlua_side() -> mlua::Lua {
    let lua = mlua::Lua::new();
    let plus = lua.create_function(|_, (a, b): (i64, i64)| Ok(a + b)).expect("a function");
    lua.globals().set("plus", plus).expect("a global");
    lua.load(CODE).exec().expect("code");
    lua
}

fn main() {
    let mut criterion = Criterion::default()
        .sample_size(30)
        .warm_up_time(Duration::from_millis(300))
        .measurement_time(Duration::from_millis(1500))
        .configure_from_args();
    let engine = Engine::builder().max_sandboxes(16).build().expect("an engine");
    let mut sandbox = luago_side(&engine);
    let lua = mlua_side();
    let get = |sandbox: &mut Sandbox, name: &str| sandbox.get::<Function>(name).expect("there");
    let native = |name: &str| lua.globals().get::<mlua::Function>(name).expect("there");

    let mut group = criterion.benchmark_group("call");
    let add = get(&mut sandbox, "add");
    group.bench_function("luago", |b| {
        b.iter(|| sandbox.call::<i64>(&add, (black_box(1), black_box(2))).expect("a sum"))
    });
    let add = native("add");
    group.bench_function("native", |b| {
        b.iter(|| add.call::<i64>((black_box(1), black_box(2))).expect("a sum"))
    });
    group.finish();

    let mut group = criterion.benchmark_group("host function");
    let run = get(&mut sandbox, "loop");
    group.bench_function("luago", |b| {
        b.iter(|| sandbox.call::<i64>(&run, black_box(CALLS)).expect("a sum"))
    });
    let run = native("loop");
    group
        .bench_function("native", |b| b.iter(|| run.call::<i64>(black_box(CALLS)).expect("a sum")));
    group.finish();

    let mut group = criterion.benchmark_group("struct");
    let (same, row) = (get(&mut sandbox, "same"), row());
    assert_eq!(sandbox.call::<Row>(&same, &row).expect("a row"), row);
    group.bench_function("luago", |b| {
        b.iter(|| sandbox.call::<Row>(&same, black_box(&row)).expect("a row"))
    });
    let same = native("same");
    group.bench_function("native", |b| {
        b.iter(|| {
            let value = lua.to_value(black_box(&row)).expect("a value");
            let value = same.call::<mlua::Value>(value).expect("a value");
            lua.from_value::<Row>(value).expect("a row")
        })
    });
    group.finish();

    let text = BString::from(vec![b'x'; 1 << 20]);
    let mut copy = vec![0u8; 1 << 20];
    for (name, function) in [("1 MiB in", "take"), ("1 MiB out", "give")] {
        let mut group = criterion.benchmark_group(name);
        let function = get(&mut sandbox, function);
        group.bench_function("luago", |b| match name {
            "1 MiB in" => {
                b.iter(|| sandbox.call::<i64>(&function, &text).expect("a length") as usize)
            }
            _ => b.iter(|| sandbox.call::<BString>(&function, ()).expect("a text").len()),
        });
        group.bench_function("native", |b| {
            b.iter(|| copy.copy_from_slice(black_box(&text)));
        });
        group.finish();
    }

    let code = long_script();
    let lines = code.lines().count();
    let mut group = criterion.benchmark_group("template");
    let mut prepared = Sandbox::builder(&engine).build().expect("a sandbox");
    prepared.run(&Script::new("rules", code.as_str())).expect("a run");
    let check = get(&mut prepared, "check");
    let template = prepared.into_template().expect("a template");
    group.bench_function("luago", |b| {
        b.iter(|| {
            let mut sandbox = template.instantiate().expect("a sandbox");
            sandbox.call::<bool>(&check, ("rule_7", 5)).expect("an answer")
        })
    });
    group.bench_function("native", |b| {
        b.iter(|| {
            let lua = mlua::Lua::new();
            lua.load(code.as_str()).exec().expect("code");
            let check: mlua::Function = lua.globals().get("check").expect("there");
            check.call::<bool>(("rule_7", 5)).expect("an answer")
        })
    });
    group.finish();
    criterion.final_summary();

    println!(
        "\n{:<14} {:>12} {:>12} {:>7} {:>9}",
        "", "luago, ns", "native, ns", "ratio", "at most"
    );
    for (name, goal, per) in [
        ("call", 4.0, 1.0),
        ("host function", 3.0, CALLS as f64),
        ("struct", 2.0, 1.0),
        ("1 MiB in", 2.5, 1.0),
        ("1 MiB out", 2.5, 1.0),
        ("template", 0.3, 1.0),
    ] {
        if let (Some(ours), Some(native)) = (median(name, "luago"), median(name, "native")) {
            let (ours, native) = (ours / per, native / per);
            println!("{name:<14} {ours:>12.1} {native:>12.1} {:>7.2} {goal:>9}", ours / native);
        }
    }
    println!(
        "the native side of \"1 MiB\" is a copy of it; the script of \"template\" has {lines} lines and {} bytes are copied",
        template.size()
    );
}
