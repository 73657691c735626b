//! What the interpreter has a function for: objects that are made, lengths and methods.

use super::locals::{CONSTANTS, DEPTH, FRAME, I, T, THREAD, at, integer};
use super::{Emit, Label};
use crate::bytecode::Instruction as Lua;
use crate::effect::effect;
use crate::flow;
use crate::helpers::Helper;
use luago_abi::compiled::tag;
use wasm_encoder::{BlockType, Instruction as Wasm};

impl Emit<'_> {
    /// A function of the interpreter does an instruction; what it takes after the thread and the
    /// frame is put on the stack.
    pub(super) fn step_with(&mut self, pc: usize, helper: Helper, rest: impl FnOnce(&mut Self)) {
        self.flush_live(pc);
        self.save_pc(pc + flow::length(self.function, pc));
        self.ops(&[Wasm::LocalGet(THREAD), Wasm::LocalGet(FRAME)]);
        rest(self);
        self.call_helper(helper);
        self.back_from_step();
    }

    pub(super) fn new_table(&mut self, pc: usize, one: Lua) {
        let nodes = match one.b() {
            0 => Some(0),
            log => 1i32.checked_shl(log as u32 - 1).filter(|nodes| *nodes > 0),
        };
        let (Some(nodes), Some(elements)) = (nodes, self.elements_named(pc, one)) else {
            self.step(pc);
            return self.is_stored(one.a());
        };
        self.step_with(pc, Helper::Table, |emit| {
            emit.address(one.a());
            emit.ops(&[Wasm::I32Const(nodes), Wasm::I32Const(elements), Wasm::LocalGet(DEPTH)]);
        });
        self.is_stored(one.a());
    }

    /// How many elements an instruction names, with the one that belongs to it.
    fn elements_named(&self, pc: usize, one: Lua) -> Option<i32> {
        let extra = self.function.at(pc + 1).filter(|_| one.k()).map_or(0, Lua::ax);
        i32::try_from(one.long_c(extra)).ok()
    }

    /// Elements of a new table. Nothing is run for that, but memory may run out.
    pub(super) fn elements(&mut self, pc: usize, one: Lua) {
        let Some(after) = self.elements_named(pc, one) else { return self.step(pc) };
        self.flush_live(pc);
        self.save_pc(pc + flow::length(self.function, pc));
        self.ops(&[Wasm::LocalGet(THREAD), Wasm::LocalGet(FRAME)]);
        self.address(one.a());
        self.ops(&[Wasm::I32Const(one.b() as i32), Wasm::I32Const(after)]);
        self.call_helper(Helper::List);
    }

    pub(super) fn new_function(&mut self, pc: usize, one: Lua) {
        self.step_with(pc, Helper::Closure, |emit| {
            emit.address(one.a());
            emit.ops(&[Wasm::I32Const(one.bx() as i32), Wasm::LocalGet(DEPTH)]);
        });
        self.is_stored(one.a());
    }

    pub(super) fn concat(&mut self, pc: usize, one: Lua) {
        let (a, count) = (one.a(), one.b());
        self.step_with(pc, Helper::Concat, |emit| {
            emit.address(a);
            emit.ops(&[Wasm::I32Const(count as i32), Wasm::LocalGet(DEPTH)]);
        });
        self.are_stored(a..a + count);
    }

    pub(super) fn further_arguments(&mut self, pc: usize, one: Lua) {
        let (a, count) = (one.a(), one.c());
        self.step_with(pc, Helper::VarArg, |emit| {
            emit.address(a);
            emit.op(Wasm::I32Const(count as i32 - 1));
        });
        self.are_stored(a..self.places.len());
    }

    pub(super) fn prepare(&mut self, pc: usize, one: Lua) {
        self.step_with(pc, Helper::Prepare, |emit| emit.op(Wasm::I32Const(one.a() as i32)));
        self.are_stored(effect(self.function, pc).writes);
    }

    /// The interpreter looks for what a value has for a key, both given by their addresses. That
    /// of the result is in a local variable then, and on the stack is whether it is none.
    pub(super) fn find(
        &mut self,
        of: impl FnOnce(&mut Self),
        key: impl FnOnce(&mut Self),
        slot: u32,
    ) {
        self.op(Wasm::LocalGet(THREAD));
        of(self);
        key(self);
        self.call_helper(Helper::Find);
        self.ops(&[Wasm::LocalTee(slot), Wasm::I32Eqz]);
    }

    /// The address of a constant.
    pub(super) fn constant_address(&mut self, index: usize) {
        self.ops(&[Wasm::LocalGet(CONSTANTS), Wasm::I32Const(at(index) as i32), Wasm::I32Add]);
    }

    /// A function of an object, and the object.
    pub(super) fn method(&mut self, pc: usize, one: Lua) {
        let (a, b, c) = (one.a(), one.b(), one.c());
        // It may be one of the registers that are written. The interpreter looks at the stack.
        if b != a + 1 {
            self.move_register(a + 1, b);
        }
        self.flush(b);
        self.flush(a + 1);
        if !one.is_constant() {
            self.flush(c);
        }
        self.open(Label::Inner, Wasm::Block(BlockType::Empty));
        self.open(Label::Inner, Wasm::Block(BlockType::Empty));
        let key = |emit: &mut Self| {
            if one.is_constant() { emit.constant_address(c) } else { emit.address(c) }
        };
        self.find(|emit| emit.address(a + 1), key, T[0]);
        self.op(Wasm::BrIf(0));
        self.push_value_at(T[0], 0);
        self.ops(&[Wasm::LocalSet(self.tag(a)), Wasm::LocalSet(integer(a))]);
        self.land(a);
        self.op(Wasm::Br(1));
        self.close();
        self.step_aside(pc);
        self.land_from_step(a);
        self.close();
        self.has_landed(a);
    }

    /// How many elements or bytes a value has.
    pub(super) fn length(&mut self, pc: usize, one: Lua) {
        let (a, b) = (one.a(), one.b());
        self.flush(b);
        self.op(Wasm::LocalGet(THREAD));
        self.address(b);
        self.call_helper(Helper::Len);
        self.ops(&[Wasm::LocalTee(I[0]), Wasm::I64Const(0), Wasm::I64LtS]);
        self.hint(false);
        self.open(Label::Inner, Wasm::If(BlockType::Empty));
        self.step_aside(pc);
        self.land_from_step(a);
        self.op(Wasm::Else);
        self.ops(&[Wasm::LocalGet(I[0]), Wasm::LocalSet(integer(a))]);
        self.ops(&[Wasm::I32Const(tag::INTEGER as i32), Wasm::LocalSet(self.tag(a))]);
        self.land(a);
        self.close();
        self.has_landed(a);
    }
}
