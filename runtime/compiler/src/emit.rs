//! One function of Lua as one function of WebAssembly.

mod arithmetic;
mod aside;
mod call;
mod compare;
mod locals;
mod loops;
mod objects;
mod table;
mod values;

use crate::body::Body;
use crate::bytecode::{Entry, Function, Instruction as Lua, Op, Seen};
use crate::effect::effect;
use crate::flow::{self, Block, End};
use crate::helpers::{ENTRY_PARAMETERS, Helper};
use crate::refusal::Refusal;
use crate::registers::{self, Place, Places, Set, has};
use locals::{BASE, CLOSURE, CODE, CONSTANTS, I, PROTOTYPE, T, field};
use luago_abi::compiled::{closure, proto, status, tag, value};
use wasm_encoder::{BlockType, BranchHint, Encode, Instruction as Wasm, ValType};

/// The most instructions of a function that is compiled.
const MOST_INSTRUCTIONS: usize = 4000;

/// How often it is looked for what registers are, before all are taken for anything where several
/// ways come together.
const MOST_PASSES: usize = 10;

/// The most bytes that are made of one: compiling them takes a fifth of a second.
const MOST_BYTES: usize = 256 << 10;

/// The body of a function that begins at an instruction.
pub(crate) fn function(function: &Function, entry: &Entry) -> Result<Body, Refusal> {
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
        is_whole: entry.pc == 0,
        code: Vec::new(),
        helpers: Vec::new(),
        itself: Vec::new(),
        hints: Vec::new(),
        places: Vec::new(),
        labels: Vec::new(),
        constants: Vec::new(),
        is_final: false,
        changes: true,
        is_coarse: false,
    };
    emit.settle(entry)?;
    emit.is_final = true;
    emit.code.clear();
    emit.hints.clear();
    emit.helpers.clear();
    emit.itself.clear();
    emit.places = emit.entries[0].clone().unwrap_or_default();
    emit.body()?;
    let mut body = Vec::with_capacity(emit.code.len() + 16);
    let registers = u32::from(function.registers);
    let locals = [
        (I[0] - ENTRY_PARAMETERS as u32, ValType::I32),
        (2, ValType::I64),
        (2, ValType::F64),
        (registers, ValType::I64),
        (registers, ValType::F64),
        (registers, ValType::I32),
    ];
    (locals.len() as u32).encode(&mut body);
    for (count, ty) in locals {
        count.encode(&mut body);
        ty.encode(&mut body);
    }
    let (mut hints, mut helpers, mut itself) = (emit.hints, emit.helpers, emit.itself);
    hints.iter_mut().for_each(|hint| hint.branch_func_offset += body.len() as u32);
    helpers.iter_mut().for_each(|(at, _)| *at += body.len());
    itself.iter_mut().for_each(|at| *at += body.len());
    body.extend_from_slice(&emit.code);
    Ok(Body { code: body, hints, helpers, itself })
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
    /// The end: the function has returned.
    Returned,
    /// The end, with what the interpreter says.
    Left,
    /// The end: the interpreter goes on.
    Interpret,
    /// Something inside an instruction.
    Inner,
}

struct Emit<'a> {
    function: &'a Function,
    blocks: &'a [Block],
    /// The registers that are needed before each instruction.
    live: &'a [Set],
    /// Whether what is made is the function from its beginning.
    is_whole: bool,
    /// Where registers are at the beginning of each block.
    entries: Vec<Option<Places>>,
    code: Vec<u8>,
    /// Where helpers are called in it, and where it calls itself.
    helpers: Vec<(usize, Helper)>,
    itself: Vec<usize>,
    /// Which of its branches are taken, mostly.
    hints: Vec<BranchHint>,
    /// Where they are here.
    places: Places,
    labels: Vec<Label>,
    /// Integers that registers are known to have, in this block.
    constants: Vec<Option<i64>>,
    /// Whether this is the last pass, whose code is what comes out.
    is_final: bool,
    changes: bool,
    /// Whether nothing is kept of what registers are where several ways come together.
    is_coarse: bool,
}

impl<'a> Emit<'a> {
    /// Goes over all blocks until it is known where registers are at the beginning of each.
    fn settle(&mut self, entry: &Entry) -> Result<(), Refusal> {
        let live = &self.live[self.blocks[0].from];
        let seen = |register: usize| {
            let is_free = !self.function.is_captured(register);
            match entry.seen.get(register) {
                _ if !is_free || !has(live, register) => Place::Stack,
                Some(Seen::Integer) => Place::Integer { is_dirty: false },
                Some(Seen::Float) => Place::Float { is_dirty: false },
                _ => Place::Stack,
            }
        };
        self.entries[0] = Some((0..usize::from(self.function.registers)).map(seen).collect());
        let mut passes = 0;
        while std::mem::take(&mut self.changes) {
            passes += 1;
            if passes == MOST_PASSES {
                // One register after another may turn out to be something else: they all do now.
                self.is_coarse = true;
            }
            for number in 0..self.blocks.len() {
                self.code.clear();
                self.hints.clear();
                self.helpers.clear();
                self.itself.clear();
                self.labels.clear();
                self.block(number)?;
            }
        }
        Ok(())
    }

    /// Reads the registers that were seen to have numbers, if they still have.
    fn read_seen(&mut self) {
        if self.places.iter().any(|place| *place != Place::Stack) {
            self.save_pc(self.blocks[0].from);
        }
        for register in 0..self.places.len() {
            let tag = match self.places[register] {
                Place::Integer { .. } => tag::INTEGER,
                Place::Float { .. } => tag::FLOAT,
                _ => continue,
            };
            self.load_tag_of(register);
            self.ops(&[Wasm::I32Const(tag as i32), Wasm::I32Ne]);
            self.jump_if(Label::Interpret);
            self.read(register);
        }
    }

    fn op(&mut self, instruction: Wasm<'_>) {
        // Mostly it is to what is hardly ever run.
        if matches!(instruction, Wasm::BrIf(_)) {
            self.hint(false);
        }
        instruction.encode(&mut self.code);
    }

    fn ops(&mut self, instructions: &[Wasm<'_>]) {
        for instruction in instructions {
            if matches!(instruction, Wasm::BrIf(_)) {
                self.hint(false);
            }
            instruction.encode(&mut self.code);
        }
    }

    /// A branch that is mostly taken, or as often as not.
    fn branch_if(&mut self, depth: u32, is_likely: bool) {
        if is_likely {
            self.hint(true);
        }
        Wasm::BrIf(depth).encode(&mut self.code);
    }

    /// Whether the condition of the branch that comes next is mostly true.
    fn hint(&mut self, is_true: bool) {
        let branch_func_offset = self.code.len() as u32;
        self.hints.push(BranchHint { branch_func_offset, branch_hint_value: u32::from(is_true) });
    }

    fn open(&mut self, label: Label, instruction: Wasm<'_>) {
        self.labels.push(label);
        self.op(instruction);
    }

    fn close(&mut self) {
        self.labels.pop();
        self.op(Wasm::End);
    }

    /// Everything, in front of the ends that all share.
    fn body(&mut self) -> Result<(), Refusal> {
        for end in [Label::Returned, Label::Left, Label::Interpret] {
            self.open(end, Wasm::Block(BlockType::Empty));
        }
        self.prologue();
        self.tree(0)?;
        self.op(Wasm::Unreachable);
        self.close();
        self.ops(&[Wasm::I32Const(status::INTERPRET), Wasm::Return]);
        self.close();
        self.call_helper(Helper::Status);
        self.op(Wasm::Return);
        self.close();
        self.ops(&[Wasm::I32Const(status::RETURNED), Wasm::End]);
        Ok(())
    }

    fn prologue(&mut self) {
        self.ops(&[
            Wasm::LocalGet(BASE),
            Wasm::I32Const(value::SIZE as i32),
            Wasm::I32Sub,
            Wasm::I32Load(field(value::PAYLOAD)),
            Wasm::LocalTee(CLOSURE),
            Wasm::I32Load(field(closure::PROTO)),
            Wasm::LocalTee(PROTOTYPE),
            Wasm::I32Load(field(proto::CONSTANTS)),
            Wasm::LocalSet(CONSTANTS),
            Wasm::LocalGet(PROTOTYPE),
            Wasm::I32Load(field(proto::CODE)),
            Wasm::LocalSet(CODE),
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
        let is_inside = !is_back && !is_head && !self.blocks[to].is_merge(to);
        let live = &self.live[self.blocks[to].from];
        let is_live = |register: usize| has(live, register);
        if !self.is_final {
            let entry = &mut self.entries[to];
            self.changes |= if is_inside {
                registers::follow(entry, &self.places)
            } else if self.is_coarse {
                registers::follow(entry, &vec![Place::Stack; self.places.len()])
            } else {
                registers::join(entry, &self.places, is_back, is_head, is_live)
            };
            return Ok(());
        }
        if is_inside {
            return self.tree(to);
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
                (Place::Boxed { is_dirty: true }, _) if is_live(register) => self.flush(register),
                (place, Place::Number) if place.is_shadowing() => {
                    self.store_tag(register, tag::NIL);
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
        let depth = self.depth(label);
        self.op(depth.map_or(Wasm::Unreachable, Wasm::Br));
    }

    fn jump_if(&mut self, label: Label) {
        let depth = self.depth(label);
        self.op(depth.map_or(Wasm::Unreachable, Wasm::BrIf));
    }

    /// All labels of blocks are around what leads to them.
    fn depth(&self, label: Label) -> Option<u32> {
        self.labels.iter().rev().position(|&one| one == label).map(|depth| depth as u32)
    }

    /// Goes on with one of two blocks, as the condition on the stack says.
    fn choose(&mut self, from: usize, jump: usize, next: usize) -> Result<(), Refusal> {
        self.either(|emit| emit.go(from, jump), |emit| emit.go(from, next))
    }

    /// Goes on in one of two ways, both of which begin with what is known here.
    fn either(
        &mut self,
        if_true: impl FnOnce(&mut Self) -> Result<(), Refusal>,
        if_false: impl FnOnce(&mut Self) -> Result<(), Refusal>,
    ) -> Result<(), Refusal> {
        let (places, constants) = (self.places.clone(), self.constants.clone());
        self.open(Label::Inner, Wasm::If(BlockType::Empty));
        if_true(self)?;
        self.places = places;
        self.constants = constants;
        self.op(Wasm::Else);
        if_false(self)?;
        self.close();
        self.op(Wasm::Unreachable);
        Ok(())
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
                let extra = self.function.at(pc + 1).map_or(0, Lua::ax);
                self.load_constant(a, extra as usize);
            }
            Op::LoadFalse | Op::LFalseSkip => self.load_tag(a, tag::FALSE),
            Op::LoadTrue => self.load_tag(a, tag::TRUE),
            Op::LoadNil => (a..=a + b).for_each(|register| self.load_tag(register, tag::NIL)),
            Op::GetUpval => {
                self.upvalue(b, T[0]);
                self.push_value_at(T[0], 0);
                self.set_boxed(a);
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
            Op::SelfOp => self.method(pc, one),
            Op::Len => self.length(pc, one),
            Op::NewTable => self.new_table(pc, one),
            Op::SetList => self.elements(pc, one),
            Op::Closure => self.new_function(pc, one),
            Op::Concat => self.concat(pc, one),
            Op::VarArg => self.further_arguments(pc, one),
            Op::Not => self.not(a, b),
            op if (Op::AddI..=Op::Shr).contains(&op) || op == Op::Unm || op == Op::BNot => {
                self.arithmetic(pc, op, one);
            }
            Op::Jmp => {}
            Op::VarArgPrep => self.prepare(pc, one),
            _ => {
                self.step(pc);
                let writes = effect(self.function, pc).writes;
                self.are_stored(writes);
            }
        }
    }
}
