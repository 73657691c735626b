//! Instructions that move any number of bytes, made to be interruptible.
//!
//! `memory.fill` and `memory.copy` are one instruction each for up to 4 GiB, and a guest is
//! stopped, or gives way to others, only between instructions. So where a module has them, they
//! become calls of a function that is added to it: it does a little at once, and more in a
//! loop of pieces. The names, numbers and types of everything else stay as they are.

use super::sections::{CODE, FUNCTION, Section, TYPE, with_count};
use std::borrow::Cow;
use std::ops::Range;
use wasm_encoder::{BlockType, Encode, Function, Instruction, Module, RawSection};
use wasmparser::{Operator, Parser, Payload};

/// What the way of rewriting is called in the names of cached modules: another one makes other
/// machine code of the same module.
pub(crate) const VERSION: &str = "bulk-1";

/// How many bytes are moved without a look at the clock; a power of two.
const PIECE: i32 = 64 << 10;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Bulk {
    Fill,
    Copy,
}

/// The module with such instructions as calls; itself if it has none.
pub(crate) fn in_pieces(wasm: &[u8]) -> wasmparser::Result<Cow<'_, [u8]>> {
    let outline = Outline::read(wasm)?;
    if outline.places.is_empty() {
        return Ok(Cow::Borrowed(wasm));
    }
    let first = outline.functions;
    let mut module = Module::new();
    for section in &outline.sections {
        let data = wasm.get(section.range.clone()).unwrap_or_default();
        let changed = match section.id {
            TYPE => Some(outline.with_type(data)?),
            FUNCTION => Some(outline.with_functions(data)?),
            CODE => Some(outline.with_code(wasm, first)),
            _ => None,
        };
        let data = changed.as_deref().unwrap_or(data);
        module.section(&RawSection { id: section.id, data });
    }
    Ok(Cow::Owned(module.finish()))
}

/// Where things are in the bytes of a module.
#[derive(Default)]
struct Outline {
    sections: Vec<Section>,
    /// Types, each of which a group of types may hold several of.
    types: u32,
    /// Functions, with those that are imported.
    functions: u32,
    bodies: Vec<Range<usize>>,
    /// The instructions, in order.
    places: Vec<(Range<usize>, Bulk)>,
}

impl Outline {
    fn read(wasm: &[u8]) -> wasmparser::Result<Outline> {
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
                        if matches!(
                            import?.ty,
                            wasmparser::TypeRef::Func(_) | wasmparser::TypeRef::FuncExact(_)
                        ) {
                            outline.functions += 1;
                        }
                    }
                }
                Payload::FunctionSection(functions) => outline.functions += functions.count(),
                Payload::CodeSectionEntry(body) => {
                    outline.bodies.push(body.range());
                    let mut operators = body.get_operators_reader()?;
                    while !operators.eof() {
                        let (operator, start) = operators.read_with_offset()?;
                        let bulk = match operator {
                            Operator::MemoryFill { mem: 0 } => Bulk::Fill,
                            Operator::MemoryCopy { dst_mem: 0, src_mem: 0 } => Bulk::Copy,
                            _ => continue,
                        };
                        outline.places.push((start..operators.original_position(), bulk));
                    }
                }
                _ => {}
            }
        }
        Ok(outline)
    }

    /// The types, with that of the functions that are added.
    fn with_type(&self, section: &[u8]) -> wasmparser::Result<Vec<u8>> {
        let mut section = with_count(section, 1)?;
        section.extend([0x60, 3, 0x7f, 0x7f, 0x7f, 0]);
        Ok(section)
    }

    fn with_functions(&self, section: &[u8]) -> wasmparser::Result<Vec<u8>> {
        let mut section = with_count(section, 2)?;
        self.types.encode(&mut section);
        self.types.encode(&mut section);
        Ok(section)
    }

    /// The bodies, with calls in them, and those that are called.
    fn with_code(&self, wasm: &[u8], first: u32) -> Vec<u8> {
        let mut section = Vec::with_capacity(wasm.len());
        (self.bodies.len() as u32 + 2).encode(&mut section);
        let mut places = self.places.iter().peekable();
        for body in &self.bodies {
            let mut code = Vec::new();
            let mut from = body.start;
            while let Some((at, bulk)) = places.next_if(|(at, _)| at.end <= body.end) {
                code.extend_from_slice(wasm.get(from..at.start).unwrap_or_default());
                let target = if *bulk == Bulk::Fill { first } else { first + 1 };
                Instruction::Call(target).encode(&mut code);
                from = at.end;
            }
            code.extend_from_slice(wasm.get(from..body.end).unwrap_or_default());
            code.as_slice().encode(&mut section);
        }
        fill().encode(&mut section);
        copy().encode(&mut section);
        section
    }
}

const TO: u32 = 0;
/// The value of a fill, the source of a copy.
const FROM: u32 = 1;
const LEN: u32 = 2;

/// `len` is at most a piece: the instruction itself does it, and so it does what is partly
/// outside of the memory: it traps before it writes anything.
fn small_or_outside(function: &mut Function, bulk: &Instruction<'_>, addresses: &[u32]) {
    let mut code =
        vec![Instruction::LocalGet(LEN), Instruction::I32Const(PIECE), Instruction::I32LeU];
    for address in addresses {
        code.extend([
            Instruction::LocalGet(*address),
            Instruction::I64ExtendI32U,
            Instruction::LocalGet(LEN),
            Instruction::I64ExtendI32U,
            Instruction::I64Add,
            Instruction::MemorySize(0),
            Instruction::I64ExtendI32U,
            Instruction::I64Const(16),
            Instruction::I64Shl,
            Instruction::I64GtU,
            Instruction::I32Or,
        ]);
    }
    code.push(Instruction::If(BlockType::Empty));
    code.extend(rest(bulk));
    code.extend([Instruction::Return, Instruction::End]);
    code.iter().for_each(|instruction| {
        function.instruction(instruction);
    });
}

/// The instruction, for all of `len`.
fn rest<'a>(bulk: &Instruction<'a>) -> [Instruction<'a>; 4] {
    let get = Instruction::LocalGet;
    [get(TO), get(FROM), get(LEN), bulk.clone()]
}

/// Repeats something for as long as `len` is more than a piece.
fn pieces<'a>(body: impl IntoIterator<Item = Instruction<'a>>) -> Vec<Instruction<'a>> {
    let mut code = vec![Instruction::Loop(BlockType::Empty)];
    code.extend(body);
    code.extend([
        Instruction::LocalGet(LEN),
        Instruction::I32Const(PIECE),
        Instruction::I32GtU,
        Instruction::BrIf(0),
        Instruction::End,
    ]);
    code
}

/// Adds a piece to a local variable, or takes it away.
fn step<'a>(local: u32, by: i32) -> [Instruction<'a>; 4] {
    [
        Instruction::LocalGet(local),
        Instruction::I32Const(by),
        Instruction::I32Add,
        Instruction::LocalSet(local),
    ]
}

fn fill() -> Function {
    let mut function = Function::new([]);
    let bulk = Instruction::MemoryFill(0);
    small_or_outside(&mut function, &bulk, &[TO]);
    let piece = [
        Instruction::LocalGet(TO),
        Instruction::LocalGet(FROM),
        Instruction::I32Const(PIECE),
        bulk.clone(),
    ];
    let mut code = pieces(piece.into_iter().chain(step(TO, PIECE)).chain(step(LEN, -PIECE)));
    code.extend(rest(&bulk));
    code.push(Instruction::End);
    code.iter().for_each(|instruction| {
        function.instruction(instruction);
    });
    function
}

/// From the front if the target is before the source, else from the back: so a piece of the
/// source has been read before it is written over.
fn copy() -> Function {
    let mut function = Function::new([]);
    let bulk = Instruction::MemoryCopy { src_mem: 0, dst_mem: 0 };
    small_or_outside(&mut function, &bulk, &[TO, FROM]);
    let get = Instruction::LocalGet;
    let mut code = vec![get(TO), get(FROM), Instruction::I32LeU, Instruction::If(BlockType::Empty)];
    let piece = [get(TO), get(FROM), Instruction::I32Const(PIECE), bulk.clone()];
    code.extend(pieces(
        piece.into_iter().chain(step(TO, PIECE)).chain(step(FROM, PIECE)).chain(step(LEN, -PIECE)),
    ));
    code.push(Instruction::Else);
    let piece = [
        get(TO),
        get(LEN),
        Instruction::I32Add,
        get(FROM),
        get(LEN),
        Instruction::I32Add,
        Instruction::I32Const(PIECE),
        bulk.clone(),
    ];
    code.extend(pieces(step(LEN, -PIECE).into_iter().chain(piece)));
    code.push(Instruction::End);
    code.extend(rest(&bulk));
    code.push(Instruction::End);
    code.iter().for_each(|instruction| {
        function.instruction(instruction);
    });
    function
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasmtime::{Engine, Instance, Memory, Module, Store, TypedFunc};

    /// A module with both instructions as exports, a start function that uses one, and a
    /// table, so that each kind of number is used.
    fn wasm() -> Vec<u8> {
        use wasm_encoder::*;
        let mut module = wasm_encoder::Module::new();
        let mut types = TypeSection::new();
        types.ty().function([], []);
        types.ty().function([ValType::I32; 3], []);
        module.section(&types);
        let mut functions = FunctionSection::new();
        functions.function(1).function(1).function(0);
        module.section(&functions);
        let mut memories = MemorySection::new();
        let memory = MemoryType {
            minimum: 8,
            maximum: None,
            memory64: false,
            shared: false,
            page_size_log2: None,
        };
        memories.memory(memory);
        module.section(&memories);
        let mut exports = ExportSection::new();
        exports.export("memory", ExportKind::Memory, 0);
        exports.export("fill", ExportKind::Func, 0).export("copy", ExportKind::Func, 1);
        module.section(&exports);
        module.section(&StartSection { function_index: 2 });
        let mut code = CodeSection::new();
        for bulk in [Instruction::MemoryFill(0), Instruction::MemoryCopy { src_mem: 0, dst_mem: 0 }]
        {
            let mut function = Function::new([(1, ValType::I64)]);
            for instruction in rest(&bulk) {
                function.instruction(&instruction);
            }
            function.instruction(&Instruction::End);
            code.function(&function);
        }
        let mut start = Function::new([]);
        for (at, value, len) in [(0, 1, 1), (1, 2, 2)] {
            start.instruction(&Instruction::I32Const(at));
            start.instruction(&Instruction::I32Const(value));
            start.instruction(&Instruction::I32Const(len));
            start.instruction(&Instruction::MemoryFill(0));
        }
        start.instruction(&Instruction::End);
        code.function(&start);
        module.section(&code);
        module.finish()
    }

    struct Running {
        store: Store<()>,
        memory: Memory,
        fill: TypedFunc<(u32, u32, u32), ()>,
        copy: TypedFunc<(u32, u32, u32), ()>,
    }

    fn run(engine: &Engine, wasm: &[u8]) -> Running {
        let module = Module::new(engine, wasm).unwrap();
        let mut store = Store::new(engine, ());
        let instance = Instance::new(&mut store, &module, &[]).unwrap();
        let memory = instance.get_memory(&mut store, "memory").unwrap();
        let fill = instance.get_typed_func(&mut store, "fill").unwrap();
        let copy = instance.get_typed_func(&mut store, "copy").unwrap();
        Running { store, memory, fill, copy }
    }

    #[test]
    fn what_has_no_such_instruction_stays_as_it_is() {
        let wasm = wasm_encoder::Module::new().finish();
        assert!(matches!(in_pieces(&wasm).unwrap(), Cow::Borrowed(_)));
    }

    #[test]
    fn in_pieces_it_does_what_the_instructions_do() {
        let engine = Engine::default();
        let plain = wasm();
        let changed = in_pieces(&plain).unwrap();
        assert!(matches!(changed, Cow::Owned(_)));
        let mut one = run(&engine, &plain);
        let mut other = run(&engine, &changed);
        let noise: Vec<u8> =
            (0..8u32 << 16).map(|i| (i.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
        let size = 8 << 16;
        let piece = PIECE as u32;
        let lengths = [0, 1, piece - 1, piece, piece + 1, 3 * piece, 3 * piece + 7, size, size + 1];
        let places = [
            0,
            1,
            5,
            piece - 1,
            piece,
            piece + 3,
            4 * piece,
            size - piece - 1,
            size - 1,
            size,
            u32::MAX,
        ];
        let mut trapped = 0;
        for len in lengths {
            for to in places {
                for from in places {
                    for is_copy in [false, true] {
                        for running in [&mut one, &mut other] {
                            running.memory.data_mut(&mut running.store).copy_from_slice(&noise);
                        }
                        let call = |running: &mut Running| {
                            let function = if is_copy { &running.copy } else { &running.fill };
                            function.call(&mut running.store, (to, from, len)).is_ok()
                        };
                        let done = call(&mut one);
                        assert_eq!(call(&mut other), done, "{to} {from} {len}");
                        trapped += u32::from(!done);
                        let same = one.memory.data(&one.store) == other.memory.data(&other.store);
                        assert!(same, "{is_copy} {to} {from} {len}");
                    }
                }
            }
        }
        assert!(trapped > 100);
    }

    #[test]
    fn what_is_partly_outside_writes_nothing() {
        let mut running = run(&Engine::default(), &in_pieces(&wasm()).unwrap());
        let before = running.memory.data(&running.store).to_vec();
        let calls =
            [(&running.fill, (1 << 16, 7, 8 << 16)), (&running.copy, (0, 1 << 16, 8 << 16))];
        for (function, params) in calls {
            function.call(&mut running.store, params).unwrap_err();
            assert!(running.memory.data(&running.store) == before);
        }
    }
}
