//! Whatever the bytecode is, what comes out is a valid module whose loops ask the host, or a
//! refusal.

#![allow(clippy::unwrap_used, reason = "a test fails by a panic")]

use luago_compiler::{Constant, Entry, Function, Op, Seen, Version, compile};
use proptest::prelude::*;
use wasmparser::{Operator, Parser, Payload, Validator};

const REGISTERS: u8 = 12;

/// An instruction whose operands are mostly what Lua writes: registers and constants that are
/// there, and jumps that stay near.
fn instruction() -> impl Strategy<Value = u32> {
    let register = 0..u32::from(REGISTERS) - 4;
    let fields = (0u32..86, register.clone(), register.clone(), register, any::<bool>());
    let usual =
        fields.prop_map(|(op, a, b, c, k)| op | a << 7 | u32::from(k) << 15 | b << 16 | c << 24);
    let jump = (-12i32..12).prop_map(|by| Op::Jmp as u32 | ((by + 0xff_ffff) as u32) << 7);
    let test = (57u32..68, 0u32..8, 0u32..8, any::<bool>())
        .prop_map(|(op, a, b, k)| op | a << 7 | u32::from(k) << 15 | b << 16);
    let back = (73u32..75, 0u32..8, 0u32..9).prop_map(|(op, a, by)| op | a << 7 | by << 15);
    prop_oneof![6 => usual, 3 => jump, 3 => test, 2 => back, 1 => any::<u32>()]
}

fn constant() -> impl Strategy<Value = Constant> {
    prop_oneof![
        any::<i64>().prop_map(Constant::Integer),
        any::<f64>().prop_map(Constant::Float),
        Just(Constant::Other(0x44)),
        any::<u8>().prop_map(Constant::Other),
    ]
}

fn seen() -> impl Strategy<Value = Seen> {
    prop_oneof![Just(Seen::Integer), Just(Seen::Float), Just(Seen::Other)]
}

/// A module that is valid, and each of whose loops begins with a read of the polling page.
fn check(wasm: &[u8]) {
    Validator::new().validate_all(wasm).unwrap();
    for payload in Parser::new(0).parse_all(wasm) {
        let Payload::CodeSectionEntry(body) = payload.unwrap() else { continue };
        let operators: Vec<_> =
            body.get_operators_reader().unwrap().into_iter().map(Result::unwrap).collect();
        for (at, operator) in operators.iter().enumerate() {
            if matches!(operator, Operator::Loop { .. }) {
                let page = luago_abi::polling::PAGE.cast_signed();
                // What is after the loop's merges may stand around its beginning.
                let is_block = |one: &&Operator<'_>| matches!(one, Operator::Block { .. });
                let blocks = operators[at + 1..].iter().take_while(is_block).count();
                let next = operators.get(at + 1 + blocks..at + 4 + blocks);
                let polls = matches!(next, Some([
                    Operator::I32Const { value },
                    Operator::I32AtomicLoad8U { .. },
                    Operator::If { .. },
                ]) if *value == page);
                assert!(polls, "{next:?}");
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(if cfg!(miri) { 1 } else { 3000 }))]

    #[test]
    fn any_bytecode_becomes_a_valid_module_whose_loops_ask_the_host_or_is_refused(
        code in proptest::collection::vec(instruction(), 1..60),
        constants in proptest::collection::vec(constant(), 8),
        registers in prop_oneof![4 => Just(REGISTERS), 1 => any::<u8>()],
        captured in prop_oneof![2 => Just(0u32), 1 => any::<u32>()],
        locals in proptest::collection::vec((0u32..60, 0u32..60), 0..6),
        seen in proptest::collection::vec(seen(), 0..14),
        pc in prop_oneof![4 => Just(0u32), 1 => 0u32..70],
        version in prop_oneof![Just(Version::Lua54), Just(Version::Lua55)],
    ) {
        let function = Function {
            version,
            code,
            constants,
            registers,
            parameters: registers / 2,
            is_variadic: false,
            locals,
            captured: [captured; 8],
        };
        if let Ok(wasm) = compile(&[(&function, &Entry { pc, seen })]) {
            check(&wasm);
        }
    }
}

/// `local s = 0 for i = 1, 100 do s = s + i end return s`
fn sum() -> Function {
    let abc = |op: Op, a: u32, b: u32, c: u32| op as u32 | a << 7 | b << 16 | c << 24;
    let load = |a: u32, number: i32| Op::LoadI as u32 | a << 7 | ((number + 0xffff) as u32) << 15;
    let far = |op: Op, a: u32, by: u32| op as u32 | a << 7 | by << 15;
    Function {
        code: vec![
            load(0, 0),
            load(1, 1),
            load(2, 100),
            load(3, 1),
            far(Op::ForPrep, 1, 2),
            abc(Op::Add, 0, 0, 4),
            abc(Op::MmBin, 0, 4, 6),
            far(Op::ForLoop, 1, 3),
            abc(Op::Return1, 0, 2, 0),
        ],
        registers: 5,
        ..Function::default()
    }
}

#[test]
fn a_loop_over_integers_works_on_local_variables() {
    let wasm = compile(&[(&sum(), &Entry::default())]).unwrap();
    check(&wasm);
    let mut adds = 0;
    for payload in Parser::new(0).parse_all(&wasm) {
        let Payload::CodeSectionEntry(body) = payload.unwrap() else { continue };
        let operators: Vec<_> =
            body.get_operators_reader().unwrap().into_iter().map(Result::unwrap).collect();
        // Both operands of the addition are local variables.
        adds += operators
            .windows(3)
            .filter(|three| {
                matches!(
                    three,
                    [Operator::LocalGet { .. }, Operator::LocalGet { .. }, Operator::I64Add,]
                )
            })
            .count();
    }
    assert_eq!(adds, 2, "the sum, and the step of the loop");
}

#[test]
fn what_is_too_large_or_no_function_of_lua_is_refused() {
    let refused =
        |function: &Function, pc| compile(&[(function, &Entry { pc, seen: vec![] })]).err();
    assert!(refused(&sum(), 0).is_none());
    // A call of a register that is not there, with all arguments up to the top.
    let call = Function { code: vec![Op::Call as u32, Op::Return0 as u32], ..Function::default() };
    assert!(refused(&call, 0).is_some());
    assert_eq!(refused(&sum(), 99), Some(luago_compiler::Refusal::Bytecode));
    let mut large = sum();
    large.code = [large.code[..1].repeat(5000), large.code[1..].to_vec()].concat();
    assert_eq!(refused(&large, 0), Some(luago_compiler::Refusal::Size));
    let mut open = sum();
    open.code.pop();
    assert_eq!(refused(&open, 0), Some(luago_compiler::Refusal::Bytecode));
    let mut few = sum();
    few.registers = 4;
    assert_eq!(refused(&few, 0), Some(luago_compiler::Refusal::Bytecode));
}

#[test]
fn code_does_not_grow_with_the_product_of_variables_and_instructions() {
    // Each read has to store all variables where the interpreter takes over.
    let load = |a: u32| Op::LoadI as u32 | a << 7 | 0xffff << 15;
    let read = Op::GetI as u32 | 201 << 7 | 200 << 16 | 1 << 24;
    let variables = (0..200).map(load);
    let code = variables.chain(std::iter::repeat_n(read, 3500)).chain([Op::Return0 as u32]);
    let function = Function { code: code.collect(), registers: 205, ..Function::default() };
    let refused = compile(&[(&function, &Entry::default())]).err();
    assert_eq!(refused, Some(luago_compiler::Refusal::Size));
}
