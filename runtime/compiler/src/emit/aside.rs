//! Ways out of compiled code: what the interpreter does for it, and what is left to it.

use super::locals::{BASE, CODE, DEPTH, FRAME, THREAD, field};
use super::{Emit, Label};
use crate::helpers::Helper;
use luago_abi::compiled::call_info;
use luago_abi::polling;
use wasm_encoder::{BlockType, Instruction as Wasm, MemArg};

impl Emit<'_> {
    /// Where a loop or the function begins: does what the host wants, if it does.
    pub(super) fn poll(&mut self, pc: usize) {
        self.ops(&[
            Wasm::I32Const(polling::PAGE.cast_signed()),
            Wasm::I32AtomicLoad8U(MemArg {
                offset: u64::from(polling::TICK),
                align: 0,
                memory_index: 0,
            }),
        ]);
        self.hint(false);
        self.open(Label::Inner, Wasm::If(BlockType::Empty));
        let kept = self.places.clone();
        self.flush_live(pc);
        self.save_pc(pc);
        self.ops(&[Wasm::LocalGet(THREAD), Wasm::LocalGet(FRAME)]);
        self.call_helper(Helper::Tick);
        self.back_from_step();
        self.places = kept;
        // They are read again, so that none is alive over the call.
        (0..self.places.len()).for_each(|register| self.read(register));
        self.close();
    }

    /// The address of the first register is on the stack, or 0: then this code ends.
    pub(super) fn back_from_step(&mut self) {
        self.ops(&[Wasm::LocalTee(BASE), Wasm::I32Eqz]);
        self.jump_if(Label::Left);
    }

    pub(super) fn call_helper(&mut self, helper: Helper) {
        self.op(Wasm::Call(0));
        self.helpers.push((self.code.len() - 1, helper));
    }

    pub(super) fn call_itself(&mut self) {
        // The largest number takes the five bytes that there have to be.
        self.op(Wasm::Call(u32::MAX));
        self.itself.push(self.code.len() - 5);
    }

    /// Stores the next instruction.
    pub(super) fn save_pc(&mut self, pc: usize) {
        self.ops(&[
            Wasm::LocalGet(FRAME),
            Wasm::LocalGet(CODE),
            Wasm::I32Const(pc as i32 * 4),
            Wasm::I32Add,
            Wasm::I32Store(field(call_info::SAVED_PC)),
        ]);
    }

    /// The interpreter does an instruction, with what belongs to it.
    pub(super) fn step(&mut self, pc: usize) {
        self.flush_live(pc);
        self.step_flushed(pc);
    }

    pub(super) fn step_flushed(&mut self, pc: usize) {
        self.ops(&[
            Wasm::LocalGet(THREAD),
            Wasm::LocalGet(FRAME),
            Wasm::LocalGet(DEPTH),
            Wasm::I32Const(pc as i32 + 1),
        ]);
        self.call_helper(Helper::Step);
        self.back_from_step();
    }

    /// The same, in a part of the code that is hardly ever run: what follows is as it was.
    pub(super) fn step_aside(&mut self, pc: usize) {
        let kept = self.places.clone();
        self.step(pc);
        self.places = kept;
    }

    /// Whether the instruction has jumped, which the interpreter has done.
    pub(super) fn has_jumped(&mut self, target: usize) {
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
    pub(super) fn give_up(&mut self, pc: usize) {
        let kept = self.places.clone();
        self.flush_live(pc);
        self.save_pc(pc);
        self.jump(Label::Interpret);
        self.places = kept;
    }

    /// The same if the condition on the stack is true.
    pub(super) fn give_up_if(&mut self, pc: usize) {
        self.hint(false);
        self.open(Label::Inner, Wasm::If(BlockType::Empty));
        self.give_up(pc);
        self.close();
    }
}
