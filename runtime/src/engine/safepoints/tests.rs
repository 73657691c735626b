use super::*;
use crate::engine::polling_page::PollingPages;
use crate::lua::engine::{Flavor, wasmtime_engine};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::{Duration, Instant};
use wasm_encoder::{
    CodeSection, EntityType, ExportKind, ExportSection, Function, FunctionSection, ImportSection,
    MemorySection, MemoryType, TypeSection, ValType,
};

const NAMES: Names<'static> = Names {
    module: "luago",
    tick: "tick",
    poll_word: "word",
    interrupt: "interrupt",
    expire: "expire",
};

/// Counts what there is of a module with polls.
#[derive(Default, Debug, PartialEq)]
struct Counted {
    functions: usize,
    /// Functions that call others, and those of them that begin with a poll.
    calling: usize,
    entries: usize,
    loops: usize,
    /// Those of them that begin with a poll, and ask or trap.
    asking: usize,
    trapping: usize,
    /// Reads of the byte by which guests are asked, at entries, heads of loops and elsewhere.
    reads: usize,
    /// Reads of the word in the guest's memory that stands for it.
    words: usize,
}

fn count(wasm: &[u8], poll_word: Option<u32>) -> Counted {
    let mut counted = Counted::default();
    for payload in Parser::new(0).parse_all(wasm) {
        let Payload::CodeSectionEntry(body) = payload.unwrap() else { continue };
        let operators: Vec<Operator<'_>> =
            body.get_operators_reader().unwrap().into_iter().map(Result::unwrap).collect();
        counted.functions += 1;
        let reads = |at: usize, byte: usize| {
            matches!(operators.get(at..at + 2), Some([
                Operator::I32Const { value },
                Operator::I32AtomicLoad8U { memarg },
            ]) if value.cast_unsigned() == PAGE && memarg.offset == byte as u64)
        };
        let polls = |at: usize, byte: usize| {
            reads(at, byte) && matches!(operators.get(at + 2), Some(Operator::If { .. }))
        };
        let starts_with_poll = polls(0, TICK);
        let calls = operators.iter().skip(if starts_with_poll { 6 } else { 0 }).any(|one| {
            matches!(
                one,
                Operator::Call { .. }
                    | Operator::CallIndirect { .. }
                    | Operator::CallRef { .. }
                    | Operator::ReturnCall { .. }
                    | Operator::ReturnCallIndirect { .. }
                    | Operator::ReturnCallRef { .. }
            )
        });
        counted.calling += usize::from(calls);
        counted.entries += usize::from(starts_with_poll);
        for (at, operator) in operators.iter().enumerate() {
            counted.reads += usize::from(reads(at, TICK));
            match operator {
                Operator::Loop { .. } => {
                    counted.loops += 1;
                    counted.asking += usize::from(polls(at + 1, TICK));
                    counted.trapping += usize::from(polls(at + 1, STOP));
                }
                Operator::I32Load { memarg } => {
                    let base = operators.get(at.wrapping_sub(1));
                    if let Some(Operator::I32Const { value }) = base {
                        let address = u64::from(value.cast_unsigned()) + memarg.offset;
                        counted.words += usize::from(poll_word.map(u64::from) == Some(address));
                    }
                }
                _ => {}
            }
        }
    }
    counted
}

#[test]
fn every_loop_of_every_interpreter_has_a_poll_and_every_function_that_calls_another() {
    for version in crate::LuaVersion::ALL {
        let wasm = version.guest().wasm;
        let names = &crate::lua::interpreter::POLLS;
        assert!(can_poll(wasm, names), "{version}");
        let word = Outline::read(wasm, names).unwrap().poll_word;
        assert!(word.is_some(), "{version}");
        let before = count(wasm, word);
        let after = count(&with_polls(wasm, names).unwrap().unwrap(), word);
        assert_eq!((before.entries, before.asking, before.trapping), (0, 0, 0), "{version}");
        // The interpreter asks where it goes back and where it goes to another function.
        assert!(before.words >= OWN_POLLS, "{version}: {before:?}");
        assert_eq!(after.words, 0, "{version}");
        assert_eq!(after.reads, after.entries + after.asking + before.words, "{version}");
        // What is added is the function that asks.
        assert_eq!(after.functions, before.functions + 1, "{version}");
        assert_eq!(after.entries, before.calling, "{version}");
        assert_eq!(after.loops, before.loops, "{version}");
        assert_eq!(after.asking + after.trapping, after.loops, "{version}");
        assert!(after.asking > 100 && after.trapping > 100, "{version}: {after:?}");
    }
}

/// A module with functions of this code, each of which takes and gives nothing, by number:
/// the first is 1.
fn module(functions: &[&[Instruction<'_>]]) -> Vec<u8> {
    module_with_word(functions, None)
}

/// The same, and a function that gives the address of a word, if there is such.
fn module_with_word(functions: &[&[Instruction<'_>]], word: Option<i32>) -> Vec<u8> {
    let mut module = Module::new();
    let mut types = TypeSection::new();
    types.ty().function([], [ValType::I32]);
    types.ty().function([], []);
    module.section(&types);
    let mut imports = ImportSection::new();
    imports.import("luago", "tick", EntityType::Function(0));
    module.section(&imports);
    let mut section = FunctionSection::new();
    functions.iter().for_each(|_| {
        section.function(1);
    });
    if word.is_some() {
        section.function(0);
    }
    module.section(&section);
    let mut memories = MemorySection::new();
    memories.memory(MemoryType {
        minimum: 1,
        maximum: Some(1),
        memory64: false,
        shared: false,
        page_size_log2: None,
    });
    module.section(&memories);
    let mut exports = ExportSection::new();
    exports.export("memory", ExportKind::Memory, 0).export("run", ExportKind::Func, 1);
    if word.is_some() {
        exports.export(NAMES.poll_word, ExportKind::Func, functions.len() as u32 + 1);
    }
    module.section(&exports);
    let mut code = CodeSection::new();
    for instructions in functions {
        let mut function = Function::new([(2, ValType::I32)]);
        instructions.iter().for_each(|instruction| {
            function.instruction(instruction);
        });
        function.instruction(&Instruction::End);
        code.function(&function);
    }
    if let Some(word) = word {
        let mut function = Function::new([]);
        function.instruction(&Instruction::I32Const(word)).instruction(&Instruction::End);
        code.function(&function);
    }
    module.section(&code);
    module.finish()
}

/// Runs it until it is stopped; how often it has asked.
fn stop(functions: &[&[Instruction<'_>]], is_stopped_when_asked: bool) -> u32 {
    stop_module(&module(functions), is_stopped_when_asked)
}

fn stop_module(wasm: &[u8], is_stopped_when_asked: bool) -> u32 {
    let wasm = with_polls(wasm, &NAMES).unwrap().unwrap();
    let (engine, is_pooled) = wasmtime_engine(Flavor::Polled, 1).unwrap();
    assert!(is_pooled);
    let module = wasmtime::Module::new(&engine, &wasm).unwrap();
    let pages = PollingPages::new(2).unwrap();
    let mut store = wasmtime::Store::new(&engine, None);
    let asked = Arc::new(AtomicU32::new(0));
    let tick = {
        let asked = Arc::clone(&asked);
        let ask = move |caller: wasmtime::Caller<
            '_,
            Option<crate::engine::polling_page::PollingPage>,
        >| {
            asked.fetch_add(1, Ordering::Relaxed);
            caller.data().as_ref().unwrap().answer();
            match is_stopped_when_asked {
                true => Err(wasmtime::Trap::Interrupt.into()),
                false => wasmtime::Result::Ok(0),
            }
        };
        wasmtime::Func::wrap(&mut store, ask)
    };
    let instance = wasmtime::Instance::new(&mut store, &module, &[tick.into()]).unwrap();
    let memory = instance.get_memory(&mut store, "memory").unwrap();
    let base = memory.data_ptr(&store) as usize;
    let interrupt = Arc::new(AtomicBool::new(false));
    #[expect(unsafe_code, reason = "maps a page behind the memory")]
    // SAFETY: the pool has reserved that much for the one memory, which cannot grow.
    let page = unsafe { pages.page(base, &interrupt) }.unwrap();
    page.enter(Some(Instant::now() + Duration::from_millis(20)), true, false);
    *store.data_mut() = Some(page);
    let run = instance.get_typed_func::<(), ()>(&mut store, "run").unwrap();
    let is_over = AtomicBool::new(false);
    let error = std::thread::scope(|scope| {
        scope.spawn(|| {
            while !is_over.load(Ordering::Relaxed) {
                std::thread::sleep(Duration::from_millis(5));
                pages.tick();
            }
        });
        let result = run.call(&mut store, ());
        is_over.store(true, Ordering::Relaxed);
        result.unwrap_err()
    });
    let page = store.data().as_ref().unwrap();
    page.leave();
    let expected = match is_stopped_when_asked {
        true => wasmtime::Trap::Interrupt,
        false => {
            assert!(page.is_trapped());
            wasmtime::Trap::UnreachableCodeReached
        }
    };
    assert_eq!(error.downcast_ref(), Some(&expected));
    asked.load(Ordering::Relaxed)
}

const LOOP: Instruction<'_> = Instruction::Loop(BlockType::Empty);

#[test]
fn an_endless_loop_that_calls_nothing_is_trapped() {
    assert_eq!(stop(&[&[LOOP, Instruction::Br(0), Instruction::End]], false), 0);
}

#[test]
fn endless_loops_in_each_other_are_trapped() {
    // The inner one ends at once each time.
    let inner = [LOOP, Instruction::LocalGet(0), Instruction::BrIf(0), Instruction::End];
    let code = [&[LOOP][..], &inner, &[Instruction::Br(0), Instruction::End]].concat();
    assert_eq!(stop(&[&code], true), 1);
    // The outer one is left for no other reason than that the inner one does not end.
    let code = [
        LOOP,
        LOOP,
        Instruction::LocalGet(0),
        Instruction::I32Eqz,
        Instruction::BrIf(0),
        Instruction::Br(1),
        Instruction::End,
        Instruction::End,
    ];
    assert_eq!(stop(&[&code], false), 0);
}

#[test]
fn functions_that_call_each_other_for_ever_are_asked_at_their_entry() {
    // Two calls each: as deep as a tree, the stack does not end.
    let tail = [Instruction::ReturnCall(2)];
    let back = [Instruction::ReturnCall(1)];
    assert_eq!(stop(&[&tail, &back], true), 1);
}

#[test]
fn a_loop_of_calls_is_asked_and_not_trapped() {
    let calling = [LOOP, Instruction::Call(2), Instruction::Br(0), Instruction::End];
    assert_eq!(stop(&[&calling, &[Instruction::Call(3)], &[]], true), 1);
}

#[test]
fn what_does_not_import_the_question_or_runs_as_it_is_instantiated_has_no_polls() {
    assert!(!can_poll(&Module::new().finish(), &NAMES));
    assert_eq!(with_polls(&Module::new().finish(), &NAMES).unwrap(), None);
    assert!(!can_poll(b"no module", &NAMES));
    let wasm = module(&[&[]]);
    assert!(can_poll(&wasm, &NAMES));
    assert!(!can_poll(&wasm, &Names { tick: "tock", ..NAMES }));
}

const WORD: i32 = 1028;

/// Loops that run instructions without an end, and read the word in so many places that they
/// never come by.
fn dispatch(words: usize) -> Vec<Instruction<'static>> {
    let mut code = vec![LOOP, LOOP, Instruction::Block(BlockType::Empty)];
    code.push(Instruction::LocalGet(0));
    code.push(Instruction::BrTable(vec![1; OWN_TARGETS as usize].into(), 1));
    code.push(Instruction::End);
    for _ in 0..words {
        code.extend([
            Instruction::I32Const(WORD - 4),
            Instruction::I32Load(MemArg { offset: 4, align: 2, memory_index: 0 }),
            Instruction::If(BlockType::Empty),
            Instruction::Call(0),
            Instruction::Drop,
            Instruction::End,
        ]);
    }
    code.extend([Instruction::Br(0), Instruction::End, Instruction::End]);
    code
}

#[test]
fn a_loop_that_runs_instructions_asks_where_it_says_so_and_traps_elsewhere() {
    let polled = |words| {
        let wasm = module_with_word(&[&dispatch(words)], Some(WORD));
        count(&with_polls(&wasm, &NAMES).unwrap().unwrap(), Some(WORD.cast_unsigned()))
    };
    let own = polled(OWN_POLLS);
    assert_eq!((own.words, own.asking, own.trapping), (0, 0, 2), "{own:?}");
    assert_eq!(own.reads, own.entries + OWN_POLLS);
    // Who reads it less often has not said that it asks wherever it goes back.
    let few = polled(OWN_POLLS - 1);
    assert_eq!((few.words, few.asking, few.trapping), (0, 1, 1), "{few:?}");
}

#[test]
fn a_loop_that_says_that_it_asks_and_does_not_is_trapped() {
    let wasm = module_with_word(&[&dispatch(OWN_POLLS)], Some(WORD));
    assert_eq!(stop_module(&wasm, false), 0);
}
