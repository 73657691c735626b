//! Loops over numbers, and over what a function gives.

use super::Emit;
use super::arithmetic::Operand;
use super::locals::{BASE, DEPTH, I, at, integer};
use crate::bytecode::{Instruction as Lua, Version};
use crate::helpers::Helper;
use crate::refusal::Refusal;
use crate::registers::Place;
use luago_abi::compiled::tag;
use wasm_encoder::Instruction as Wasm;

/// The registers of a loop over numbers, once it has begun.
struct Loop {
    /// The number of this turn, which nobody else sees.
    index: usize,
    /// How many turns follow, if they are counted.
    count: usize,
    step: usize,
    /// The number of this turn.
    control: usize,
    /// How many registers these are.
    registers: usize,
}

impl Loop {
    fn new(version: Version, a: usize) -> Loop {
        match version {
            Version::Lua54 => {
                Loop { index: a, count: a + 1, step: a + 2, control: a + 3, registers: 4 }
            }
            Version::Lua55 => {
                Loop { index: a + 2, count: a, step: a + 1, control: a + 2, registers: 3 }
            }
        }
    }
}

impl Emit<'_> {
    /// Before a loop: its counter, and whether it is run at all.
    pub(super) fn for_prep(
        &mut self,
        from: usize,
        pc: usize,
        one: Lua,
        jump: usize,
        next: usize,
    ) -> Result<(), Refusal> {
        let a = one.a();
        let turn = Loop::new(self.function.version, a);
        let (first, limit, step) = (self.operand(a), self.operand(a + 1), self.operand(a + 2));
        let is_integer = |one| matches!(one, Operand::Integer(_) | Operand::Constant(_));
        let by = match step {
            Operand::Constant(by) if by != 0 && by != i64::MIN => Some(by),
            _ => None,
        };
        // What others refer to is in the stack alone.
        let by = by.filter(|_| !(a..a + 3).any(|register| self.function.is_captured(register)));
        let is_number = |one| is_integer(one) || matches!(one, Operand::Any(_));
        if let (Some(by), true, true) = (by, is_number(first), is_number(limit)) {
            for (operand, register) in [(first, a), (limit, a + 1)] {
                self.know_integer(pc, operand, register);
            }
            let (first, limit) = (integer(a), integer(a + 1));
            self.op(Wasm::LocalGet(first));
            self.op(Wasm::LocalGet(limit));
            self.op(if by > 0 { Wasm::I64GtS } else { Wasm::I64LtS });
            return self.either(
                |emit| emit.go(from, jump),
                |emit| {
                    // How often it is run again.
                    let (low, high) = if by > 0 { (first, limit) } else { (limit, first) };
                    emit.ops(&[Wasm::LocalGet(high), Wasm::LocalGet(low), Wasm::I64Sub]);
                    if by.unsigned_abs() != 1 {
                        let by = by.unsigned_abs().cast_signed();
                        emit.ops(&[Wasm::I64Const(by), Wasm::I64DivU]);
                    }
                    if turn.index != a {
                        emit.op(Wasm::LocalSet(I[0]));
                        emit.op(Wasm::LocalGet(first));
                        emit.set_integer(turn.index);
                        emit.op(Wasm::I64Const(by));
                        emit.set_integer(turn.step);
                        emit.op(Wasm::LocalGet(I[0]));
                    }
                    emit.set_integer(turn.count);
                    emit.begin(from, &turn, next)
                },
            );
        }
        self.step(pc);
        self.are_stored(a..a + turn.registers);
        self.has_jumped(jump);
        self.either(
            |emit| emit.go(from, jump),
            |emit| {
                if is_integer(step) {
                    let begun = emit.blocks[next].from;
                    for register in [a, a + 1, a + 2] {
                        emit.know_integer(begun, Operand::Any(register), register);
                    }
                }
                emit.begin(from, &turn, next)
            },
        )
    }

    /// On to the body of a loop for the first time.
    fn begin(&mut self, from: usize, turn: &Loop, next: usize) -> Result<(), Refusal> {
        if turn.control != turn.index {
            if matches!(self.places[turn.index], Place::Integer { .. }) {
                self.op(Wasm::LocalGet(integer(turn.index)));
                self.set_integer(turn.control);
            } else {
                self.is_stored(turn.control);
            }
        }
        self.constants[turn.index] = None;
        self.go(from, next)
    }

    /// Has an integer in a local variable, or leaves it all to the interpreter.
    fn know_integer(&mut self, pc: usize, operand: Operand, register: usize) {
        let Operand::Any(_) = operand else { return };
        self.load_tag_of(register);
        self.ops(&[Wasm::I32Const(tag::INTEGER as i32), Wasm::I32Ne]);
        self.give_up_if(pc);
        self.push_payload(register);
        self.op(Wasm::LocalSet(integer(register)));
        if !self.function.is_captured(register) {
            let is_dirty = !self.places[register].is_shadowing();
            self.places[register] = Place::Integer { is_dirty };
        }
    }

    /// After the body of a loop.
    pub(super) fn for_loop(
        &mut self,
        from: usize,
        pc: usize,
        one: Lua,
        jump: usize,
        next: usize,
    ) -> Result<(), Refusal> {
        let a = one.a();
        let turn = Loop::new(self.function.version, a);
        let known = |register: usize| matches!(self.places[register], Place::Integer { .. });
        if !(known(a) && known(a + 1) && known(a + 2)) {
            self.step(pc);
            self.are_stored(a..a + turn.registers);
            self.has_jumped(jump);
            return self.choose(from, jump, next);
        }
        self.ops(&[Wasm::LocalGet(integer(turn.count)), Wasm::I64Eqz]);
        self.either(
            |emit| emit.go(from, next),
            |emit| {
                let (count, index) = (integer(turn.count), integer(turn.index));
                emit.ops(&[Wasm::LocalGet(count), Wasm::I64Const(1), Wasm::I64Sub]);
                emit.set_integer(turn.count);
                emit.ops(&[Wasm::LocalGet(index), Wasm::LocalGet(integer(turn.step))]);
                emit.op(Wasm::I64Add);
                if turn.control != turn.index {
                    emit.op(Wasm::LocalTee(index));
                    emit.has_integer(turn.index);
                }
                emit.set_integer(turn.control);
                emit.go(from, jump)
            },
        )
    }

    /// After the body of a loop over what a function gives.
    pub(super) fn next_turn(
        &mut self,
        from: usize,
        pc: usize,
        one: Lua,
        jump: usize,
        next: usize,
    ) -> Result<(), Refusal> {
        let a = one.a();
        self.step_with(pc, Helper::For, |emit| {
            emit.address(a);
            emit.op(Wasm::I32Const(one.c() as i32));
            emit.op(Wasm::LocalGet(DEPTH));
        });
        self.are_stored(a + 2..self.places.len());
        // In 5.4 the control variable is none of the loop's own.
        let is_copied = self.function.version == Version::Lua54;
        self.load_tag_of(if is_copied { a + 4 } else { a + 3 });
        self.ops(&[Wasm::I32Const(tag::KIND as i32), Wasm::I32And]);
        self.either(
            |emit| {
                if is_copied {
                    emit.copy((BASE, at(a + 2)), (BASE, at(a + 4)));
                }
                emit.go(from, jump)
            },
            |emit| emit.go(from, next),
        )
    }
}
