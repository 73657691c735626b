//! Loops.
use luago_compiler::{Function, compile};
fn abc(op: u32, a: u32, b: u32, c: u32, k: u32) -> u32 { op | a << 7 | k << 15 | b << 16 | c << 24 }
fn asbx(op: u32, a: u32, x: i32) -> u32 { op | a << 7 | ((x + 65535) as u32) << 15 }
fn abx(op: u32, a: u32, x: u32) -> u32 { op | a << 7 | x << 15 }
#[test]
fn a_loop_of_numbers_is_compiled() {
    let code = vec![
        asbx(1, 0, 0), asbx(1, 1, 1), asbx(1, 2, 100), asbx(1, 3, 1),
        abx(74, 1, 2), abc(34, 0, 0, 4, 0), abc(46, 0, 4, 6, 0), abx(73, 1, 3),
        abc(70, 0, 1, 0, 0),
    ];
    let f = Function { code, registers: 5, ..Function::default() };
    let wasm = compile(&[(&f, 0)]).unwrap();
    wasmparser::Validator::new().validate_all(&wasm).unwrap();
    std::fs::write("/tmp/w/x.wasm", &wasm).unwrap();
}
