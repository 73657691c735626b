//! Lua over a million f64 in a segment with one call each, beside the plain loop in Rust.

use crate::Bench;
use crate::measure::{Measured, in_turns, shown, timed};
use crate::table::Table;
use luago::{Function, Sandbox};
use std::cell::RefCell;
use std::hint::black_box;

const COUNT: usize = 1_000_000;

const CODE: &str = "
    local luago = require 'luago'
    local a, b
    function prepare(count)
        a = luago.segment(8 * count):array('f64')
        b = luago.segment(8 * count):array('f64')
        local x = 1
        for i = 1, count do
            x = x * 16807 % 2147483647
            a[i] = x
        end
        b:fill(0)
    end
    function value(i) return a[i] end
    function sum() return a:sum() end
    function min() return a:min() end
    function max() return a:max() end
    function find() return a:find(-1) or 0 end
    function fill() b:fill(1.5) return b[#b] end
    function copy() b:copy(a) return b[#b] end
";

/// The same numbers as in Lua.
fn numbers() -> Vec<f64> {
    let mut x = 1u64;
    let next = || {
        x = x * 16807 % 2_147_483_647;
        x as f64
    };
    std::iter::repeat_with(next).take(COUNT).collect()
}

pub fn run(bench: &Bench, table: &mut Table) {
    let mut sandbox = bench.sandbox(CODE, 0);
    sandbox.call::<()>("prepare", COUNT).expect("a call");
    let a = numbers();
    let b = RefCell::new(vec![0.0; COUNT]);
    type Plain<'a> = Box<dyn Fn() -> f64 + 'a>;
    let all: [(&str, Plain<'_>); 6] = [
        ("sum", Box::new(|| black_box(&a).iter().sum())),
        ("min", Box::new(|| black_box(&a).iter().fold(a[0], |m, &x| if x < m { x } else { m }))),
        ("max", Box::new(|| black_box(&a).iter().fold(a[0], |m, &x| if m < x { x } else { m }))),
        (
            "find",
            Box::new(|| {
                let at = black_box(&a).iter().position(|&x| x == black_box(-1.0));
                at.map_or(0.0, |at| at as f64 + 1.0)
            }),
        ),
        (
            "fill",
            Box::new(|| {
                b.borrow_mut().fill(black_box(1.5));
                black_box(&b).borrow()[COUNT - 1]
            }),
        ),
        (
            "copy",
            Box::new(|| {
                b.borrow_mut().copy_from_slice(black_box(&a));
                black_box(&b).borrow()[COUNT - 1]
            }),
        ),
    ];
    println!("\nOver {COUNT} f64 {:8} {:>12} {:>12}", "", "Lua", "Rust");
    for (name, plain) in &all {
        let [lua, rust] = beside(&mut sandbox, name, plain);
        println!("{name:24} {:>12} {:>12}", shown(lua), shown(rust));
        let what = format!("{}; Rust {}", shown(lua), shown(rust));
        table.below(&format!("{name} over 1,000,000 f64"), lua / rust, 1.5, what);
    }
}

/// What an operation takes in Lua and in Rust, which have the same result.
fn beside(sandbox: &mut Sandbox, name: &str, plain: &dyn Fn() -> f64) -> [f64; 2] {
    let function: Function = sandbox.get(name).expect("a function");
    let mut ask = || sandbox.call::<f64>(&function, ()).expect("a number");
    assert_eq!(ask(), plain());
    let lua: Measured<'_> = Box::new(|| {
        timed(5, || {
            black_box(ask());
        })
    });
    let rust: Measured<'_> = Box::new(|| {
        timed(5, || {
            black_box(plain());
        })
    });
    let times = in_turns(21, vec![lua, rust]);
    [times[0], times[1]]
}
