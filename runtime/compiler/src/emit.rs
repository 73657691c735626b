//! One function of Lua as one function of WebAssembly.

mod arithmetic;
mod call;
mod compare;
mod loops;
mod table;

use crate::bytecode::{Constant, Entry, Function, Instruction as Lua, Op, Seen};
use crate::effect::effect;
use crate::flow::{self, Block, End};
use crate::helpers::{STEP, STEP_STATUS, STEP_TICK};
use crate::refusal::Refusal;
use crate::registers::{self, Live, Place, Places, is_live};
use luago_abi::compiled::{call_info, closure, proto, status, tag, upvalue, value};
use luago_abi::polling;
use wasm_encoder::{BlockType, Encode, Instruction as Wasm, MemArg, ValType};

/// The most instructions of a function that is compiled.
const MOST_INSTRUCTIONS: usize = 4000;

/// The most bytes that are made of one: compiling them takes a fifth of a second.
const MOST_BYTES: usize = 256 << 10;

/// Parameters and local variables.
const THREAD: u32 = 0;
const FRAME: u32 = 1;
const DEPTH: u32 = 2;
/// The address of the first register.
const BASE: u32 = 3;
const CONSTANTS: u32 = 4;
const CODE: u32 = 5;
const CLOSURE: u32 = 6;
/// For a moment each.
const T: [u32; 4] = [7, 8, 9, 10];
const I: [u32; 2] = [11, 12];
const F: [u32; 2] = [13, 14];
/// The integers of all registers, and then the floats.
const FIRST: u32 = 15;

/// The body of a function that begins at an instruction.
pub(crate) fn function(function: &Function, entry: &Entry) -> Result<Vec<u8>, Refusal> {
    if function.code.len() > MOST_INSTRUCTIONS {
        return Err(Refusal::Size);
    }
    let blocks = flow::blocks(function, entry.pc as usize)?;
    check_registers(function, &blocks)?;
    let live = registers::live(function, &blocks);
    let mut emit = Emit {
        function,
        entries: vec![None; blocks.len()],
        blocks: &blocks,
        live: &live,
        code: Vec::new(),
        places: Vec::new(),
        labels: Vec::new(),
        constants: Vec::new(),
        is_final: false,
        changes: true,
    };
    emit.settle(entry)?;
    emit.is_final = true;
    emit.code.clear();
    emit.places = emit.entries[0].clone().unwrap_or_default();
    emit.prologue();
    emit.tree(0)?;
    emit.op(Wasm::Unreachable);
    emit.op(Wasm::End);
    let mut body = Vec::with_capacity(emit.code.len() + 16);
    let registers = u32::from(function.registers);
    let locals = [
        (FIRST - BASE - 4, ValType::I32),
        (2, ValType::I64),
        (2, ValType::F64),
        (registers, ValType::I64),
        (registers, ValType::F64),
    ];
    (locals.len() as u32).encode(&mut body);
    for (count, ty) in locals {
        count.encode(&mut body);
        ty.encode(&mut body);
    }
    body.extend_from_slice(&emit.code);
    Ok(body)
}

/// All registers and constants that instructions name have to be there.
fn check_registers(function: &Function, blocks: &[Block]) -> Result<(), Refusal> {
    let count = usize::from(function.registers);
    for block in blocks {
        let mut pc = block.from;
        while pc < block.to {
            let effect = effect(function, pc);
            let mut ranges = effect.reads.iter().chain([&effect.writes]);
            if ranges.any(|range| range.end > count) || !effect.has_constants(function) {
                return Err(Refusal::Bytecode);
            }
            pc += flow::length(function, pc);
        }
    }
    Ok(())
}

/// What a branch can lead to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Label {
    /// The beginning of a loop, by its head.
    Head(usize),
    /// The place before a block.
    Before(usize),
    /// Something inside an instruction.
    Inner,
}

struct Emit<'a> {
    function: &'a Function,
    blocks: &'a [Block],
    live: &'a Live,
    /// Where registers are at the beginning of each block.
    entries: Vec<Option<Places>>,
    code: Vec<u8>,
    /// Where they are here.
    places: Places,
    labels: Vec<Label>,
    /// Integers that registers are known to have, in this block.
    constants: Vec<Option<i64>>,
    /// Whether this is the last pass, whose code is what comes out.
    is_final: bool,
    changes: bool,
}

impl<'a> Emit<'a> {
    /// Goes over all blocks until it is known where registers are at the beginning of each.
    fn settle(&mut self, entry: &Entry) -> Result<(), Refusal> {
        let seen = |register: usize| {
            let is_free = !self.function.is_captured(register);
            match entry.seen.get(register) {
                _ if !is_free || !is_live(&self.live[0], register) => Place::Stack,
                Some(Seen::Integer) => Place::Integer { is_dirty: false },
                Some(Seen::Float) => Place::Float { is_dirty: false },
                _ => Place::Stack,
            }
        };
        self.entries[0] = Some((0..usize::from(self.function.registers)).map(seen).collect());
        while std::mem::take(&mut self.changes) {
            for number in 0..self.blocks.len() {
                self.code.clear();
                self.labels.clear();
                self.block(number)?;
            }
        }
        Ok(())
    }

    /// Reads the registers that were seen to have numbers, if they still have.
    fn read_seen(&mut self) {
        let pc = self.blocks[0].from;
        for register in 0..self.places.len() {
            let tag = match self.places[register] {
                Place::Integer { .. } => tag::INTEGER,
                Place::Float { .. } => tag::FLOAT,
                _ => continue,
            };
            self.load_tag_of(register);
            self.ops(&[Wasm::I32Const(tag as i32), Wasm::I32Ne, Wasm::If(BlockType::Empty)]);
            self.save_pc(pc);
            self.ops(&[Wasm::I32Const(status::INTERPRET), Wasm::Return, Wasm::End]);
            self.read(register);
        }
    }

    /// Has a number in its local variable that the stack has.
    fn read(&mut self, register: usize) {
        match self.places[register] {
            Place::Integer { .. } => self.ops(&[
                Wasm::LocalGet(BASE),
                Wasm::I64Load(value_of(register)),
                Wasm::LocalSet(integer(register)),
            ]),
            Place::Float { .. } => {
                self.op(Wasm::LocalGet(BASE));
                self.op(Wasm::F64Load(value_of(register)));
                self.op(Wasm::LocalSet(self.float(register)));
            }
            _ => {}
        }
    }

    fn op(&mut self, instruction: Wasm<'_>) {
        instruction.encode(&mut self.code);
    }

    fn ops(&mut self, instructions: &[Wasm<'_>]) {
        instructions.iter().for_each(|instruction| instruction.encode(&mut self.code));
    }

    fn open(&mut self, label: Label, instruction: Wasm<'_>) {
        self.labels.push(label);
        self.op(instruction);
    }

    fn close(&mut self) {
        self.labels.pop();
        self.op(Wasm::End);
    }

    fn prologue(&mut self) {
        self.ops(&[
            Wasm::LocalGet(FRAME),
            Wasm::I32Load(field(call_info::FUNCTION)),
            Wasm::LocalTee(BASE),
            Wasm::I32Load(field(value::PAYLOAD)),
            Wasm::LocalTee(CLOSURE),
            Wasm::I32Load(field(closure::PROTO)),
            Wasm::LocalTee(T[0]),
            Wasm::I32Load(field(proto::CONSTANTS)),
            Wasm::LocalSet(CONSTANTS),
            Wasm::LocalGet(T[0]),
            Wasm::I32Load(field(proto::CODE)),
            Wasm::LocalSet(CODE),
            Wasm::LocalGet(BASE),
            Wasm::I32Const(value::SIZE as i32),
            Wasm::I32Add,
            Wasm::LocalSet(BASE),
        ]);
        self.read_seen();
        if !self.blocks[0].is_head {
            self.poll(self.blocks[0].from);
        }
    }

    /// A block, and all that is inside of it.
    fn tree(&mut self, number: usize) -> Result<(), Refusal> {
        let is_head = self.blocks[number].is_head;
        if is_head {
            self.open(Label::Head(number), Wasm::Loop(BlockType::Empty));
        }
        let mut merges: Vec<usize> = self.blocks[number].inside.clone();
        merges.retain(|&inside| self.blocks[inside].is_merge(inside));
        merges.sort_unstable();
        for &merge in merges.iter().rev() {
            self.open(Label::Before(merge), Wasm::Block(BlockType::Empty));
        }
        self.block(number)?;
        for merge in merges {
            self.close();
            self.tree(merge)?;
        }
        if is_head {
            self.close();
        }
        Ok(())
    }

    /// A block alone, and on to what follows it.
    fn block(&mut self, number: usize) -> Result<(), Refusal> {
        let Some(places) = self.entries[number].clone() else { return Ok(()) };
        self.places = places;
        self.constants = vec![None; self.places.len()];
        let block = &self.blocks[number];
        if block.is_head {
            self.poll(block.from);
        }
        let mut pc = block.from;
        while pc < block.to {
            if self.code.len() > MOST_BYTES {
                return Err(Refusal::Size);
            }
            let length = flow::length(self.function, pc);
            let is_last = pc + length >= block.to;
            let instruction = self.function.at(pc).ok_or(Refusal::Bytecode)?;
            let op = instruction.op().ok_or(Refusal::Bytecode)?;
            match (&block.end, is_last) {
                (&End::Branch { jump, next }, true) => {
                    return self.branch(number, pc, op, instruction, jump, next);
                }
                (End::Leave, true) => {
                    self.leave(pc, op, instruction);
                    return Ok(());
                }
                _ => self.plain(pc, op, instruction),
            }
            pc += length;
        }
        match block.end {
            End::Goto(to) => self.go(number, to),
            _ => Ok(()),
        }
    }

    /// Goes on with another block.
    fn go(&mut self, from: usize, to: usize) -> Result<(), Refusal> {
        let is_back = to <= from;
        let is_head = self.blocks[to].is_head;
        let live = &self.live[to];
        let is_live = |register: usize| is_live(live, register);
        if !self.is_final {
            let entry = &mut self.entries[to];
            self.changes |= registers::join(entry, &self.places, is_back, is_head, is_live);
            return Ok(());
        }
        let wanted = self.entries[to].clone().unwrap_or_default();
        let kept = self.places.clone();
        for (register, wanted) in wanted.iter().enumerate() {
            match (self.places[register], wanted) {
                (Place::Integer { .. } | Place::Float { .. }, Place::Stack) => self.flush(register),
                (Place::Integer { .. } | Place::Float { .. }, Place::Number)
                    if is_live(register) || is_head && !is_back =>
                {
                    self.flush(register);
                }
                (Place::Stack, Place::Number) => {
                    self.ops(&[Wasm::LocalGet(BASE), Wasm::I32Const(tag::NIL as i32)]);
                    self.op(Wasm::I32Store8(tag_of(register)));
                }
                _ => {}
            }
        }
        self.places = kept;
        if !is_back && !self.blocks[to].is_merge(to) {
            return self.tree(to);
        }
        let label = if is_back { Label::Head(to) } else { Label::Before(to) };
        self.jump(label);
        Ok(())
    }

    fn jump(&mut self, label: Label) {
        let depth = self.labels.iter().rev().position(|&one| one == label);
        // All labels of blocks are around what leads to them.
        self.op(depth.map_or(Wasm::Unreachable, |depth| Wasm::Br(depth as u32)));
    }

    /// Goes on with one of two blocks, as the condition on the stack says.
    fn choose(&mut self, from: usize, jump: usize, next: usize) -> Result<(), Refusal> {
        let (places, constants) = (self.places.clone(), self.constants.clone());
        self.open(Label::Inner, Wasm::If(BlockType::Empty));
        self.go(from, jump)?;
        self.places = places;
        self.constants = constants;
        self.op(Wasm::Else);
        self.go(from, next)?;
        self.close();
        self.op(Wasm::Unreachable);
        Ok(())
    }

    /// Where a loop or the function begins: does what the host wants, if it does.
    fn poll(&mut self, pc: usize) {
        self.ops(&[
            Wasm::I32Const(polling::PAGE.cast_signed()),
            Wasm::I32AtomicLoad8U(MemArg {
                offset: u64::from(polling::TICK),
                align: 0,
                memory_index: 0,
            }),
        ]);
        self.open(Label::Inner, Wasm::If(BlockType::Empty));
        let kept = self.places.clone();
        self.flush_all();
        self.save_pc(pc);
        self.ops(&[Wasm::LocalGet(THREAD), Wasm::LocalGet(FRAME), Wasm::Call(STEP_TICK)]);
        self.back_from_step();
        self.places = kept;
        // They are read again, so that none is alive over the call.
        (0..self.places.len()).for_each(|register| self.read(register));
        self.close();
    }

    /// The address of the first register is on the stack, or 0: then this code ends.
    fn back_from_step(&mut self) {
        self.ops(&[Wasm::LocalTee(BASE), Wasm::I32Eqz, Wasm::If(BlockType::Empty)]);
        self.ops(&[Wasm::Call(STEP_STATUS), Wasm::Return, Wasm::End]);
    }

    /// Stores the next instruction.
    fn save_pc(&mut self, pc: usize) {
        self.ops(&[
            Wasm::LocalGet(FRAME),
            Wasm::LocalGet(CODE),
            Wasm::I32Const(pc as i32 * 4),
            Wasm::I32Add,
            Wasm::I32Store(field(call_info::SAVED_PC)),
        ]);
    }

    /// The interpreter does an instruction, with what belongs to it.
    fn step(&mut self, pc: usize) {
        self.flush_all();
        self.step_flushed(pc);
    }

    fn step_flushed(&mut self, pc: usize) {
        self.save_pc(pc + 1);
        self.ops(&[
            Wasm::LocalGet(THREAD),
            Wasm::LocalGet(FRAME),
            Wasm::LocalGet(DEPTH),
            Wasm::Call(STEP),
        ]);
        self.back_from_step();
    }

    /// The same, in a part of the code that is hardly ever run: what follows is as it was.
    fn step_aside(&mut self, pc: usize) {
        let kept = self.places.clone();
        self.step(pc);
        self.places = kept;
    }

    /// Whether the instruction has jumped, which the interpreter has done.
    fn has_jumped(&mut self, target: usize) {
        self.ops(&[
            Wasm::LocalGet(FRAME),
            Wasm::I32Load(field(call_info::SAVED_PC)),
            Wasm::LocalGet(CODE),
            Wasm::I32Const(self.blocks[target].from as i32 * 4),
            Wasm::I32Add,
            Wasm::I32Eq,
        ]);
    }

    /// Leaves everything from an instruction on to the interpreter.
    fn give_up(&mut self, pc: usize) {
        let kept = self.places.clone();
        self.flush_all();
        self.save_pc(pc);
        self.ops(&[Wasm::I32Const(status::INTERPRET), Wasm::Return]);
        self.places = kept;
    }

    /// The same if the condition on the stack is true.
    fn give_up_if(&mut self, pc: usize) {
        self.open(Label::Inner, Wasm::If(BlockType::Empty));
        self.give_up(pc);
        self.close();
    }

    fn flush_all(&mut self) {
        for register in 0..self.places.len() {
            self.flush(register);
        }
    }

    /// Stores a number that the stack does not have.
    fn flush(&mut self, register: usize) {
        match self.places[register] {
            Place::Integer { is_dirty: true } => {
                self.store_integer(register);
                self.places[register] = Place::Integer { is_dirty: false };
            }
            Place::Float { is_dirty: true } => {
                self.store_float(register);
                self.places[register] = Place::Float { is_dirty: false };
            }
            _ => {}
        }
    }

    fn store_integer(&mut self, register: usize) {
        self.ops(&[
            Wasm::LocalGet(BASE),
            Wasm::LocalGet(integer(register)),
            Wasm::I64Store(value_of(register)),
        ]);
        self.store_tag(register, tag::INTEGER);
    }

    fn store_float(&mut self, register: usize) {
        self.op(Wasm::LocalGet(BASE));
        self.op(Wasm::LocalGet(self.float(register)));
        self.op(Wasm::F64Store(value_of(register)));
        self.store_tag(register, tag::FLOAT);
    }

    fn store_tag(&mut self, register: usize, tag: u32) {
        self.ops(&[
            Wasm::LocalGet(BASE),
            Wasm::I32Const(tag as i32),
            Wasm::I32Store8(tag_of(register)),
        ]);
    }

    fn float(&self, register: usize) -> u32 {
        FIRST + u32::from(self.function.registers) + register as u32
    }

    /// An integer on the stack becomes the value of a register.
    fn set_integer(&mut self, register: usize) {
        self.op(Wasm::LocalSet(integer(register)));
        self.has_integer(register);
    }

    fn has_integer(&mut self, register: usize) {
        self.constants[register] = None;
        if self.function.is_captured(register) {
            self.store_integer(register);
            self.places[register] = Place::Stack;
            return;
        }
        if self.places[register] == Place::Stack {
            self.store_tag(register, tag::INTEGER);
        }
        self.places[register] = Place::Integer { is_dirty: true };
    }

    fn set_float(&mut self, register: usize) {
        self.op(Wasm::LocalSet(self.float(register)));
        self.has_float(register);
    }

    fn has_float(&mut self, register: usize) {
        self.constants[register] = None;
        if self.function.is_captured(register) {
            self.store_float(register);
            self.places[register] = Place::Stack;
            return;
        }
        if self.places[register] == Place::Stack {
            self.store_tag(register, tag::FLOAT);
        }
        self.places[register] = Place::Float { is_dirty: true };
    }

    /// Something has been stored into a register.
    fn is_stored(&mut self, register: usize) {
        if let Some(place) = self.places.get_mut(register) {
            *place = Place::Stack;
            self.constants[register] = None;
        }
    }

    fn are_stored(&mut self, registers: std::ops::Range<usize>) {
        registers.for_each(|register| self.is_stored(register));
    }

    /// Copies a value between addresses: that of the source is in a local variable, and an offset.
    fn copy(&mut self, to: (u32, usize), from: (u32, usize)) {
        let (payload, tag) = (value::PAYLOAD, value::TAG);
        self.ops(&[
            Wasm::LocalGet(to.0),
            Wasm::LocalGet(from.0),
            Wasm::I64Load(field(from.1 as u32 + payload)),
            Wasm::I64Store(field(to.1 as u32 + payload)),
            Wasm::LocalGet(to.0),
            Wasm::LocalGet(from.0),
            Wasm::I32Load8U(byte(from.1 as u32 + tag)),
            Wasm::I32Store8(byte(to.1 as u32 + tag)),
        ]);
    }

    /// An instruction that does not decide where to go on.
    fn plain(&mut self, pc: usize, op: Op, one: Lua) {
        let (a, b) = (one.a(), one.b());
        match op {
            Op::Move => self.move_register(a, b),
            Op::LoadI => {
                self.op(Wasm::I64Const(i64::from(one.sbx())));
                self.set_integer(a);
                self.constants[a] = Some(i64::from(one.sbx()));
            }
            Op::LoadF => {
                self.op(Wasm::F64Const(f64::from(one.sbx()).into()));
                self.set_float(a);
            }
            Op::LoadK => self.load_constant(a, one.bx()),
            Op::LoadKX => {
                let extra = self.function.at(pc + 1).map_or(0, |extra| extra.0 >> 7);
                self.load_constant(a, extra as usize);
            }
            Op::LoadFalse | Op::LFalseSkip => self.load_tag(a, tag::FALSE),
            Op::LoadTrue => self.load_tag(a, tag::TRUE),
            Op::LoadNil => (a..=a + b).for_each(|register| self.load_tag(register, tag::NIL)),
            Op::GetUpval => {
                self.upvalue(b, T[0]);
                self.copy((BASE, at(a)), (T[0], 0));
                self.is_stored(a);
            }
            Op::SetUpval => self.set_upvalue(pc, a, b),
            Op::GetTabUp
            | Op::GetTable
            | Op::GetI
            | Op::GetField
            | Op::SetTabUp
            | Op::SetTable
            | Op::SetI
            | Op::SetField => self.index(pc, op, one),
            Op::Call => self.call(pc, one),
            Op::Not => self.not(a, b),
            op if (Op::AddI..=Op::Shr).contains(&op) || op == Op::Unm || op == Op::BNot => {
                self.arithmetic(pc, op, one);
            }
            Op::Jmp => {}
            Op::VarArgPrep => self.step(pc),
            _ => {
                self.step(pc);
                let writes = effect(self.function, pc).writes;
                self.are_stored(writes);
            }
        }
    }

    fn move_register(&mut self, to: usize, from: usize) {
        match self.places[from] {
            Place::Integer { .. } => {
                self.op(Wasm::LocalGet(integer(from)));
                let constant = self.constants[from];
                self.set_integer(to);
                self.constants[to] = constant;
            }
            Place::Float { .. } => {
                self.op(Wasm::LocalGet(self.float(from)));
                self.set_float(to);
            }
            _ => {
                self.copy((BASE, at(to)), (BASE, at(from)));
                self.is_stored(to);
            }
        }
    }

    fn load_constant(&mut self, to: usize, index: usize) {
        match self.function.constants.get(index).copied() {
            Some(Constant::Integer(number)) => {
                self.op(Wasm::I64Const(number));
                self.set_integer(to);
                self.constants[to] = Some(number);
            }
            Some(Constant::Float(number)) => {
                self.op(Wasm::F64Const(number.into()));
                self.set_float(to);
            }
            _ => {
                self.copy((BASE, at(to)), (CONSTANTS, at(index)));
                self.is_stored(to);
            }
        }
    }

    fn load_tag(&mut self, register: usize, tag: u32) {
        self.store_tag(register, tag);
        self.is_stored(register);
        if !self.function.is_captured(register) {
            self.places[register] = Place::Number;
        }
    }

    /// The address of the value of an upvalue.
    fn upvalue(&mut self, index: usize, to: u32) {
        self.ops(&[
            Wasm::LocalGet(CLOSURE),
            Wasm::I32Load(field(closure::UPVALUES + 4 * index as u32)),
            Wasm::I32Load(field(upvalue::VALUE)),
            Wasm::LocalSet(to),
        ]);
    }

    fn set_upvalue(&mut self, pc: usize, from: usize, index: usize) {
        self.upvalue(index, T[0]);
        match self.places[from] {
            Place::Integer { .. } => self.store_number(T[0], 0, from),
            Place::Float { .. } => self.store_number(T[0], 0, from),
            _ => {
                self.load_tag_of(from);
                self.ops(&[Wasm::I32Const(tag::COLLECTED as i32), Wasm::I32And]);
                self.open(Label::Inner, Wasm::If(BlockType::Empty));
                self.step_aside(pc);
                self.op(Wasm::Else);
                self.copy((T[0], 0), (BASE, at(from)));
                self.close();
            }
        }
    }

    /// Stores a number of a local variable at an address.
    fn store_number(&mut self, address: u32, offset: u32, register: usize) {
        self.op(Wasm::LocalGet(address));
        let tag = match self.places[register] {
            Place::Integer { .. } => {
                self.op(Wasm::LocalGet(integer(register)));
                self.op(Wasm::I64Store(field(offset + value::PAYLOAD)));
                tag::INTEGER
            }
            _ => {
                self.op(Wasm::LocalGet(self.float(register)));
                self.op(Wasm::F64Store(field(offset + value::PAYLOAD)));
                tag::FLOAT
            }
        };
        self.ops(&[
            Wasm::LocalGet(address),
            Wasm::I32Const(tag as i32),
            Wasm::I32Store8(byte(offset + value::TAG)),
        ]);
    }

    fn load_tag_of(&mut self, register: usize) {
        self.ops(&[Wasm::LocalGet(BASE), Wasm::I32Load8U(tag_of(register))]);
    }

    fn not(&mut self, to: usize, from: usize) {
        self.is_false(from);
        // False is 0x01 and true 0x11.
        self.ops(&[Wasm::I32Const(4), Wasm::I32Shl, Wasm::I32Const(tag::FALSE as i32)]);
        self.op(Wasm::I32Or);
        self.op(Wasm::LocalSet(T[0]));
        self.ops(&[Wasm::LocalGet(BASE), Wasm::LocalGet(T[0]), Wasm::I32Store8(tag_of(to))]);
        self.is_stored(to);
        if !self.function.is_captured(to) {
            self.places[to] = Place::Number;
        }
    }

    /// Whether a register has nil or false.
    fn is_false(&mut self, register: usize) {
        if matches!(self.places[register], Place::Integer { .. } | Place::Float { .. }) {
            self.op(Wasm::I32Const(0));
            return;
        }
        self.load_tag_of(register);
        self.ops(&[
            Wasm::LocalTee(T[0]),
            Wasm::I32Const(tag::KIND as i32),
            Wasm::I32And,
            Wasm::I32Eqz,
            Wasm::LocalGet(T[0]),
            Wasm::I32Const(tag::FALSE as i32),
            Wasm::I32Eq,
            Wasm::I32Or,
        ]);
    }

    /// Whether the tag in a local variable is this one.
    fn is_tag(&mut self, local: u32, tag: u32) {
        self.ops(&[Wasm::LocalGet(local), Wasm::I32Const(tag as i32), Wasm::I32Eq]);
    }
}

/// The local variable of a register's integer.
fn integer(register: usize) -> u32 {
    FIRST + register as u32
}

/// The offset of a register, or of a constant.
fn at(index: usize) -> usize {
    index * value::SIZE as usize
}

fn field(offset: u32) -> MemArg {
    MemArg { offset: u64::from(offset), align: 2, memory_index: 0 }
}

fn byte(offset: u32) -> MemArg {
    MemArg { offset: u64::from(offset), align: 0, memory_index: 0 }
}

fn value_of(register: usize) -> MemArg {
    field(at(register) as u32 + value::PAYLOAD)
}

fn tag_of(register: usize) -> MemArg {
    byte(at(register) as u32 + value::TAG)
}
