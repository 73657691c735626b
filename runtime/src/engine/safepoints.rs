//! Safepoint polls: where a guest looks whether it is to do something else.
//!
//! wasmtime's own way, epochs, costs a seventh of the interpreter's time: at the head of each loop
//! two words are compared, and as what then follows is a call that comes back, all that the loop
//! works with lives in the frame. So polls are put into a module before it is compiled. They read
//! bytes of the polling page, which lies at a fixed place behind the guest's memory, where the
//! guest can read and not write ([`polling_page`](super::polling_page)):
//!
//! - at the entry of each function that calls another, and at the head of each loop around
//!   another, [`TICK`]: if it is set, the host is asked what is to be done, and the guest does that
//!   and goes on;
//! - at the head of each innermost loop, [`STOP`]: if it is set, the guest traps. The host sets it
//!   only if the guest has not asked for several ticks although it has to stop. A call there would
//!   cost the loop its registers, and it is over after one pass over memory at most.
//!
//! The reads are atomic ones, as nothing else keeps the compiler from leaving out a poll that
//! follows another. The names, numbers and types of everything that the module has stay.

use super::sections::{CODE, EXPORT, FUNCTION, GLOBAL, MEMORY, START, Section, TYPE, with_count};
use std::ops::Range;
use wasm_encoder::{BlockType, Encode, Instruction, MemArg, Module, RawSection};
use wasmparser::{ExternalKind, Operator, Parser, Payload, TypeRef};

/// What the way of rewriting is called in the names of cached modules.
pub(crate) const VERSION: &str = "polls-5";

/// Where the polling page is in a guest's memory: its last 64 KiB, which it never gets.
pub(crate) const PAGE: u32 = 0xffff_0000;

/// The byte of the page that says that the host wants to be asked.
pub(crate) const TICK: usize = 0;
/// The byte that says that the guest is to trap.
pub(crate) const STOP: usize = 4;

/// The export that holds what is called when the guest is to be left for a while.
pub(crate) const SUSPEND: &str = "luago-suspend";

/// The names by which a module says that it can be polled.
pub(crate) struct Names<'a> {
    /// The import that asks the host.
    pub module: &'a str,
    pub tick: &'a str,
    /// The exports that are called if the host answers so.
    pub interrupt: &'a str,
    pub expire: &'a str,
}

/// What the host answers, besides that there is nothing to be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Answer {
    /// The guest is left for a while.
    Leave = 1,
    /// It calls these.
    Interrupt,
    Expire,
}

/// Whether a module can have polls. One that is not valid cannot.
pub(crate) fn can_poll(wasm: &[u8], names: &Names<'_>) -> bool {
    Outline::read(wasm, names).is_ok_and(|outline| outline.tick_and_pages().is_some())
}

/// The module with polls; `None` if it does not import what they ask with, or is not of the kind
/// that can have them.
pub(crate) fn with_polls(wasm: &[u8], names: &Names<'_>) -> wasmparser::Result<Option<Vec<u8>>> {
    let outline = Outline::read(wasm, names)?;
    let Some((tick, pages)) = outline.tick_and_pages() else { return Ok(None) };
    let mut changed = Module::new();
    let mut has_globals = false;
    for section in &outline.sections {
        let data = wasm.get(section.range.clone()).unwrap_or_default();
        if !has_globals && matches!(section.id, EXPORT | CODE) {
            has_globals = true;
            changed.section(&RawSection { id: GLOBAL, data: &outline.with_global(&[0])? });
        }
        has_globals |= section.id == GLOBAL;
        let data = match section.id {
            TYPE => &outline.with_type(data)?,
            FUNCTION => &outline.with_function(data)?,
            MEMORY => &memory(pages),
            GLOBAL => &outline.with_global(data)?,
            EXPORT => &outline.with_export(data)?,
            CODE => &outline.with_code(wasm, tick)?,
            _ => data,
        };
        changed.section(&RawSection { id: section.id, data });
    }
    Ok(Some(changed.finish()))
}

/// Where things are in the bytes of a module.
#[derive(Default)]
struct Outline {
    sections: Vec<Section>,
    types: u32,
    functions: u32,
    globals: u32,
    bodies: Vec<Range<usize>>,
    /// The number of the import that asks the host, and of its type.
    tick: Option<Tick>,
    /// The least size of its one memory.
    pages: Option<u64>,
    interrupt: Option<u32>,
    expire: Option<u32>,
}

#[derive(Clone, Copy)]
struct Tick {
    function: u32,
    ty: u32,
}

impl Outline {
    fn read(wasm: &[u8], names: &Names<'_>) -> wasmparser::Result<Outline> {
        let mut outline = Outline::default();
        for payload in Parser::new(0).parse_all(wasm) {
            let payload = payload?;
            outline.sections.extend(Section::of(&payload));
            match payload {
                Payload::TypeSection(types) => {
                    for group in types {
                        outline.types += group?.types().len() as u32;
                    }
                }
                Payload::ImportSection(imports) => {
                    for import in imports.into_imports() {
                        let import = import?;
                        match import.ty {
                            TypeRef::Func(ty) | TypeRef::FuncExact(ty) => {
                                if (import.module, import.name) == (names.module, names.tick) {
                                    outline.tick = Some(Tick { function: outline.functions, ty });
                                }
                                outline.functions += 1;
                            }
                            TypeRef::Global(_) => outline.globals += 1,
                            _ => {}
                        }
                    }
                }
                Payload::FunctionSection(functions) => outline.functions += functions.count(),
                Payload::MemorySection(memories) if memories.count() == 1 => {
                    for memory in memories {
                        let memory = memory?;
                        let is_plain = !memory.memory64 && !memory.shared;
                        let has_pages = memory.page_size_log2.is_none();
                        outline.pages = (is_plain && has_pages).then_some(memory.initial);
                    }
                }
                Payload::GlobalSection(globals) => outline.globals += globals.count(),
                Payload::ExportSection(exports) => {
                    for export in exports {
                        let export = export?;
                        let index = (export.kind == ExternalKind::Func).then_some(export.index);
                        match export.name {
                            name if name == names.interrupt => outline.interrupt = index,
                            name if name == names.expire => outline.expire = index,
                            _ => {}
                        }
                    }
                }
                Payload::CodeSectionEntry(body) => {
                    outline.bodies.push(body.range());
                }
                _ => {}
            }
        }
        Ok(outline)
    }

    /// What a module needs to be polled. What runs as it is instantiated has no page yet.
    fn tick_and_pages(&self) -> Option<(Tick, u64)> {
        let starts = self.sections.iter().any(|section| section.id == START);
        (!starts).then_some((self.tick?, self.pages?))
    }

    /// The type of what is called when the guest is to be left: it takes and gives nothing.
    fn with_type(&self, section: &[u8]) -> wasmparser::Result<Vec<u8>> {
        let mut section = with_count(section, 1)?;
        section.extend([0x60, 0, 0]);
        Ok(section)
    }

    fn with_function(&self, section: &[u8]) -> wasmparser::Result<Vec<u8>> {
        let mut section = with_count(section, 1)?;
        self.tick.map_or(0, |tick| tick.ty).encode(&mut section);
        Ok(section)
    }

    /// A variable for a function of that type, which is none at first.
    fn with_global(&self, section: &[u8]) -> wasmparser::Result<Vec<u8>> {
        let mut section = with_count(section, 1)?;
        let ty = i64::from(self.types);
        section.push(0x63);
        ty.encode(&mut section);
        section.extend([1, 0xd0]);
        ty.encode(&mut section);
        section.push(0x0b);
        Ok(section)
    }

    fn with_export(&self, section: &[u8]) -> wasmparser::Result<Vec<u8>> {
        let mut section = with_count(section, 1)?;
        SUSPEND.encode(&mut section);
        section.push(3);
        self.globals.encode(&mut section);
        Ok(section)
    }

    fn with_code(&self, wasm: &[u8], tick: Tick) -> wasmparser::Result<Vec<u8>> {
        let mut section = Vec::with_capacity(wasm.len() + wasm.len() / 8);
        (self.bodies.len() as u32 + 1).encode(&mut section);
        for body in &self.bodies {
            let bytes = wasm.get(body.clone()).unwrap_or_default();
            self.with_polls(bytes, tick)?.as_slice().encode(&mut section);
        }
        self.ask(tick).as_slice().encode(&mut section);
        Ok(section)
    }

    fn with_polls(&self, bytes: &[u8], tick: Tick) -> wasmparser::Result<Vec<u8>> {
        let shape = Shape::read(bytes)?;
        let body = wasmparser::FunctionBody::new(wasmparser::BinaryReader::new(bytes, 0));
        let mut operators = body.get_operators_reader()?;
        let mut changed = bytes.get(..operators.original_position()).unwrap_or_default().to_vec();
        let ask = [Instruction::Call(self.functions), Instruction::Drop];
        if shape.calls {
            poll(TICK, &ask, &mut changed);
        }
        let mut loops = shape.loops.iter();
        while !operators.eof() {
            let (operator, start) = operators.read_with_offset()?;
            let end = operators.original_position();
            match operator {
                Operator::Call { function_index } if function_index == tick.function => {
                    Instruction::Call(self.functions).encode(&mut changed);
                    continue;
                }
                _ => changed.extend_from_slice(bytes.get(start..end).unwrap_or_default()),
            }
            if matches!(operator, Operator::Loop { .. }) {
                match loops.next().copied().unwrap_or(true) {
                    true => poll(TICK, &ask, &mut changed),
                    false => poll(STOP, &[Instruction::Unreachable], &mut changed),
                }
            }
        }
        Ok(changed)
    }

    /// What a poll calls: asks the host, and does what that says.
    fn ask(&self, tick: Tick) -> Vec<u8> {
        // One local variable, the answer.
        let mut body = vec![1, 1, 0x7f];
        let mut code = vec![Instruction::Call(tick.function), Instruction::LocalSet(0)];
        let mut when = |answer: Answer, what: &[Instruction<'static>]| {
            code.extend([
                Instruction::LocalGet(0),
                Instruction::I32Const(answer as i32),
                Instruction::I32Eq,
                Instruction::If(BlockType::Empty),
            ]);
            code.extend_from_slice(what);
            code.push(Instruction::End);
        };
        let leave = [Instruction::GlobalGet(self.globals), Instruction::CallRef(self.types)];
        when(Answer::Leave, &leave);
        let exports = [(Answer::Interrupt, self.interrupt), (Answer::Expire, self.expire)];
        for (answer, function) in exports {
            if let Some(function) = function {
                when(answer, &[Instruction::Call(function)]);
            }
        }
        code.extend([Instruction::I32Const(0), Instruction::End]);
        code.iter().for_each(|instruction| instruction.encode(&mut body));
        body
    }
}

/// The one memory, as large as it likes: what it gets is limited elsewhere. Were it known to end
/// before the polling page, a read of that could be compiled as a trap.
fn memory(pages: u64) -> Vec<u8> {
    let mut section = vec![1, 0];
    pages.encode(&mut section);
    section
}

/// Reads a byte of the polling page.
fn read(byte: usize, code: &mut Vec<u8>) {
    let place = MemArg { offset: byte as u64, align: 0, memory_index: 0 };
    Instruction::I32Const(PAGE.cast_signed()).encode(code);
    Instruction::I32AtomicLoad8U(place).encode(code);
}

fn poll(byte: usize, then: &[Instruction<'_>], code: &mut Vec<u8>) {
    read(byte, code);
    Instruction::If(BlockType::Empty).encode(code);
    then.iter().for_each(|instruction| instruction.encode(code));
    Instruction::End.encode(code);
}

/// What has to be known of a function's body before it is changed.
#[derive(Default)]
struct Shape {
    /// Whether it calls any function: one that does not is over soon, but for its loops.
    calls: bool,
    /// Its loops, in the order in which they begin: whether each is around another.
    loops: Vec<bool>,
}

impl Shape {
    fn read(bytes: &[u8]) -> wasmparser::Result<Shape> {
        let mut shape = Shape::default();
        // The loop, if it is one, of each block that is open.
        let mut open = vec![None];
        let body = wasmparser::FunctionBody::new(wasmparser::BinaryReader::new(bytes, 0));
        let mut operators = body.get_operators_reader()?;
        while !operators.eof() {
            match operators.read()? {
                Operator::Loop { .. } => {
                    // Those further out have had the innermost of these in them before.
                    if let Some(outer) = open.iter().rev().flatten().next() {
                        let outer: &usize = outer;
                        shape.loops[*outer] = true;
                    }
                    open.push(Some(shape.loops.len()));
                    shape.loops.push(false);
                }
                Operator::Block { .. } | Operator::If { .. } | Operator::TryTable { .. } => {
                    open.push(None);
                }
                Operator::End => {
                    open.pop();
                }
                Operator::Call { .. }
                | Operator::CallIndirect { .. }
                | Operator::CallRef { .. }
                | Operator::ReturnCall { .. }
                | Operator::ReturnCallIndirect { .. }
                | Operator::ReturnCallRef { .. } => shape.calls = true,
                _ => {}
            }
        }
        Ok(shape)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::polling_page::PollingPages;
    use crate::lua::engine::{Flavor, wasmtime_engine};
    use std::sync::Arc;
    use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
    use std::time::{Duration, Instant};
    use wasm_encoder::{
        CodeSection, EntityType, ExportKind, ExportSection, Function, FunctionSection,
        ImportSection, MemorySection, MemoryType, TypeSection, ValType,
    };

    const NAMES: Names<'static> =
        Names { module: "luago", tick: "tick", interrupt: "interrupt", expire: "expire" };

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
    }

    fn count(wasm: &[u8]) -> Counted {
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
                if matches!(operator, Operator::Loop { .. }) {
                    counted.loops += 1;
                    counted.asking += usize::from(polls(at + 1, TICK));
                    counted.trapping += usize::from(polls(at + 1, STOP));
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
            let before = count(wasm);
            let after = count(&with_polls(wasm, names).unwrap().unwrap());
            assert_eq!((before.entries, before.asking, before.trapping), (0, 0, 0), "{version}");
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
        module.section(&code);
        module.finish()
    }

    /// Runs it until it is stopped; how often it has asked.
    fn stop(functions: &[&[Instruction<'_>]], is_stopped_when_asked: bool) -> u32 {
        let wasm = with_polls(&module(functions), &NAMES).unwrap().unwrap();
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
}
