//! One element or field after the other, beside the same loop over a table.

use crate::Bench;
use crate::measure::{in_turns, timed};
use crate::table::Table;
use luago::{Function, LuaVersion, Sandbox, Script};
use std::cell::RefCell;

const COUNT: usize = 1000;
const REPEATS: usize = 200;

/// Each is called with how often it goes over all elements.
const CODE: &str = "
    local luago = require 'luago'
    local COUNT = 1000
    local segment = luago.segment(8 * COUNT)
    local a, t = segment:array('f64'), {}
    local u, w = luago.segment(COUNT):array('u8'), {}
    for i = 1, COUNT do t[i], a[i] = i + 0.5, i + 0.5 end
    for i = 1, COUNT do w[i], u[i] = i % 100, i % 100 end
    local Packet = luago.struct{ {'seq', 'u32'}, {'flags', 'u8'}, {'price', 'f64'} }
    local p = Packet:at(luago.segment(Packet.size))
    local q = { seq = 1, flags = 2, price = 3.5 }
    p.seq, p.flags, p.price = 1, 2, 3.5

    local function each(t, n)
        local s = 0
        for k = 1, n do for i = 1, #t do s = s + t[i] end end
        return s
    end
    function read(n) return each(a, n) end
    function table_read(n) return each(t, n) end
    function read_u8(n) return each(u, n) end
    function table_read_u8(n) return each(w, n) end

    local function set(t, n)
        for k = 1, n do for i = 1, #t do t[i] = 1.5 end end
    end
    function write(n) set(a, n) end
    function table_write(n) set(t, n) end

    local function get_field(p, n)
        local s = 0
        for i = 1, n * COUNT do s = s + p.seq end
        return s
    end
    function field(n) return get_field(p, n) end
    function table_field(n) return get_field(q, n) end
    local function set_field(p, n)
        for i = 1, n * COUNT do p.seq = i end
    end
    function write_field(n) set_field(p, n) end
    function table_write_field(n) set_field(q, n) end

    function at_position(n)
        local s, segment = 0, segment
        for k = 1, n do for i = 1, 8 * COUNT, 8 do s = s + segment:f64(i) end end
        return s
    end
    function iterate(n)
        local s = 0
        for k = 1, n do for i, x in a:iter() do s = s + x end end
        return s
    end
    function table_iterate(n)
        local s = 0
        for k = 1, n do for i, x in ipairs(t) do s = s + x end end
        return s
    end
";

/// What is measured, with what it is beside; a bound where there is one.
const LINES: [(&str, &str, &str, Option<f64>); 7] = [
    ("a[i], f64", "read", "table_read", Some(1.5)),
    ("a[i], u8", "read_u8", "table_read_u8", Some(1.5)),
    ("a[i] = x, f64", "write", "table_write", Some(1.5)),
    ("p.seq, u32", "field", "table_field", Some(1.5)),
    ("p.seq = i, u32", "write_field", "table_write_field", Some(1.5)),
    ("for i, x in a:iter()", "iterate", "table_iterate", None),
    ("segment:f64(i) beside t[i]", "at_position", "table_read", None),
];

fn measure(sandbox: &mut Sandbox, names: [&str; 2]) -> [f64; 2] {
    let functions: Vec<Function> =
        names.iter().map(|name| sandbox.get(name).expect("a function")).collect();
    let sandbox = RefCell::new(sandbox);
    let each = |function: &Function| {
        let time = timed(1, || {
            sandbox.borrow_mut().call::<()>(function, REPEATS).expect("a call");
        });
        time / (REPEATS * COUNT) as f64
    };
    let [view, plain] = &functions[..] else { unreachable!("there are two") };
    let times = in_turns(11, vec![Box::new(|| each(view)), Box::new(|| each(plain))]);
    [times[0], times[1]]
}

pub fn run(bench: &Bench, table: &mut Table) {
    println!("\n{:28} {:>8} {:>8} {:>8} {:>8}", "An element", "Lua", "segment", "table", "ratio");
    for version in LuaVersion::ALL {
        let builder = Sandbox::builder(&bench.engine).lua(version);
        let mut sandbox = builder.build().expect("a sandbox");
        let outcome = sandbox.run(&Script::new("code", CODE)).expect("a run");
        assert!(outcome.is_returned(), "{:?}", outcome.end);
        for (name, view, beside, bound) in LINES {
            let [view, plain] = measure(&mut sandbox, [view, beside]);
            let (ratio, version_name) = (view / plain, version.as_str());
            println!("{name:28} {version_name:>8} {view:>5.1} ns {plain:>5.1} ns {ratio:>8.2}");
            if version == LuaVersion::Lua54
                && let Some(bound) = bound
            {
                let what = format!("{view:.1} ns; table {plain:.1} ns");
                table.below(&format!("{name}, beside a table"), ratio, bound, what);
            }
        }
    }
}
