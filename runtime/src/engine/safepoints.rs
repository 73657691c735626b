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
//!   cost the loop its registers, and it is over after one pass over memory at most;
//! - in the loops that run Lua's instructions, whose registers are the interpreter's speed, `STOP`
//!   at the head, and `TICK` where the interpreter reads a word of its own for that: where it goes
//!   back or to another function.
//!
//! The reads are atomic ones, as nothing else keeps the compiler from leaving out a poll that
//! follows another. The names, numbers and types of everything that the module has stay.

use super::sections::{CODE, EXPORT, FUNCTION, GLOBAL, MEMORY, START, Section, TYPE, with_count};
use luago_abi::polling;
use std::ops::Range;
use wasm_encoder::{BlockType, Encode, Instruction, MemArg, Module, RawSection};
use wasmparser::{ExternalKind, Operator, Parser, Payload, TypeRef};

/// What the way of rewriting is called in the names of cached modules.
pub(crate) const VERSION: &str = "polls-7";

/// Where the polling page is in a guest's memory: its last 64 KiB, which it never gets.
pub(crate) const PAGE: u32 = polling::PAGE;

/// The byte of the page that says that the host wants to be asked.
pub(crate) const TICK: usize = polling::TICK as usize;
/// The byte that says that the guest is to trap.
pub(crate) const STOP: usize = polling::STOP as usize;

/// The export that holds what is called when the guest is to be left for a while.
pub(crate) const SUSPEND: &str = "luago-suspend";

/// A loop that asks by itself has at least so many places where it does.
const OWN_POLLS: usize = 3;
/// And it tells apart at least so many instructions.
const OWN_TARGETS: u32 = 30;

/// The names by which a module says that it can be polled.
pub(crate) struct Names<'a> {
    /// The import that asks the host.
    pub module: &'a str,
    pub tick: &'a str,
    /// The export that gives the address of the word that it polls by itself.
    pub poll_word: &'a str,
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
    /// Where the word is that it polls by itself.
    poll_word: Option<u32>,
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
        let mut imported = 0;
        let mut gives_word = None;
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
                    imported = outline.functions;
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
                            name if name == names.poll_word => gives_word = index,
                            name if name == names.interrupt => outline.interrupt = index,
                            name if name == names.expire => outline.expire = index,
                            _ => {}
                        }
                    }
                }
                Payload::CodeSectionEntry(body) => {
                    if gives_word == Some(imported + outline.bodies.len() as u32) {
                        outline.poll_word = constant(&body)?;
                    }
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
        let shape = Shape::read(bytes, self.poll_word)?;
        let body = wasmparser::FunctionBody::new(wasmparser::BinaryReader::new(bytes, 0));
        let mut operators = body.get_operators_reader()?;
        let mut changed = bytes.get(..operators.original_position()).unwrap_or_default().to_vec();
        let ask = [Instruction::Call(self.functions), Instruction::Drop];
        if shape.calls {
            poll(TICK, &ask, &mut changed);
        }
        let mut loops = shape.loops.iter();
        let mut words = shape.words.iter().peekable();
        while !operators.eof() {
            let (operator, start) = operators.read_with_offset()?;
            let end = operators.original_position();
            if let Some(word) = words.peek()
                && word.contains(&start)
            {
                if end == word.end {
                    words.next();
                    read(TICK, &mut changed);
                }
                continue;
            }
            match operator {
                Operator::Call { function_index } if function_index == tick.function => {
                    Instruction::Call(self.functions).encode(&mut changed);
                    continue;
                }
                _ => changed.extend_from_slice(bytes.get(start..end).unwrap_or_default()),
            }
            if matches!(operator, Operator::Loop { .. }) {
                match loops.next().is_none_or(Loop::asks) {
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

/// What a function gives whose body is a constant.
fn constant(body: &wasmparser::FunctionBody<'_>) -> wasmparser::Result<Option<u32>> {
    Ok(match body.get_operators_reader()?.read()? {
        Operator::I32Const { value } => Some(value.cast_unsigned()),
        _ => None,
    })
}

/// What has to be known of a function's body before it is changed.
#[derive(Default)]
struct Shape {
    /// Whether it calls any function: one that does not is over soon, but for its loops.
    calls: bool,
    /// Its loops, in the order in which they begin.
    loops: Vec<Loop>,
    /// Where it reads the word that it polls by itself.
    words: Vec<Range<usize>>,
}

#[derive(Default)]
struct Loop {
    is_around_another: bool,
    /// How often the word is read in it.
    words: usize,
    /// The most targets of a table of jumps in it.
    targets: u32,
}

impl Loop {
    /// Whether the host is asked at its head.
    fn asks(&self) -> bool {
        let asks_by_itself = self.words >= OWN_POLLS && self.targets >= OWN_TARGETS;
        self.is_around_another && !asks_by_itself
    }
}

impl Shape {
    fn read(bytes: &[u8], poll_word: Option<u32>) -> wasmparser::Result<Shape> {
        let mut loops: Vec<Loop> = Vec::new();
        let mut shape = Shape::default();
        // The loop, if it is one, of each block that is open.
        let mut open: Vec<Option<usize>> = vec![None];
        // Where the instruction before is, if it is a constant, and that.
        let mut constant: Option<(usize, u32)> = None;
        let body = wasmparser::FunctionBody::new(wasmparser::BinaryReader::new(bytes, 0));
        let mut operators = body.get_operators_reader()?;
        while !operators.eof() {
            let (operator, start) = operators.read_with_offset()?;
            let before = constant.take();
            match operator {
                Operator::Loop { .. } => {
                    // Those further out have had the innermost of these in them before.
                    if let Some(outer) = open.iter().rev().flatten().next() {
                        loops[*outer].is_around_another = true;
                    }
                    open.push(Some(loops.len()));
                    loops.push(Loop::default());
                }
                Operator::Block { .. } | Operator::If { .. } | Operator::TryTable { .. } => {
                    open.push(None);
                }
                Operator::End => {
                    open.pop();
                }
                Operator::I32Const { value } => constant = Some((start, value.cast_unsigned())),
                Operator::I32Load { memarg } => {
                    if let Some((from, base)) = before
                        && poll_word.map(u64::from) == u64::from(base).checked_add(memarg.offset)
                    {
                        shape.words.push(from..operators.original_position());
                        open.iter().flatten().for_each(|index| loops[*index].words += 1);
                    }
                }
                Operator::BrTable { targets } => {
                    for index in open.iter().flatten() {
                        loops[*index].targets = loops[*index].targets.max(targets.len());
                    }
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
        shape.loops = loops;
        Ok(shape)
    }
}

#[cfg(test)]
mod tests;
