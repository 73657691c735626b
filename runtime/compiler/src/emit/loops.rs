//! Loops over numbers.

use super::arithmetic::Operand;
use super::{BASE, Emit, Label, integer, value_of};
use crate::bytecode::Instruction as Lua;
use crate::refusal::Refusal;
use crate::registers::Place;
use luago_abi::compiled::tag;
use wasm_encoder::{BlockType, Instruction as Wasm};

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
            let (places, constants) = (self.places.clone(), self.constants.clone());
            self.open(Label::Inner, Wasm::If(BlockType::Empty));
            self.go(from, jump)?;
            self.places = places;
            self.constants = constants;
            self.op(Wasm::Else);
            // How often it is run again.
            let (low, high) = if by > 0 { (first, limit) } else { (limit, first) };
            self.ops(&[Wasm::LocalGet(high), Wasm::LocalGet(low), Wasm::I64Sub]);
            if by.unsigned_abs() != 1 {
                self.ops(&[Wasm::I64Const(by.unsigned_abs().cast_signed()), Wasm::I64DivU]);
            }
            self.set_integer(a + 1);
        } else {
            self.step(pc);
            self.are_stored(a..a + 4);
            self.has_jumped(jump);
            let (places, constants) = (self.places.clone(), self.constants.clone());
            self.open(Label::Inner, Wasm::If(BlockType::Empty));
            self.go(from, jump)?;
            self.places = places;
            self.constants = constants;
            self.op(Wasm::Else);
            if is_integer(step) {
                let begun = self.blocks[next].from;
                for register in [a, a + 1, a + 2] {
                    self.know_integer(begun, Operand::Any(register), register);
                }
            }
        }
        if matches!(self.places[a], Place::Integer { .. }) {
            self.op(Wasm::LocalGet(integer(a)));
            self.set_integer(a + 3);
        } else {
            self.is_stored(a + 3);
        }
        self.constants[a] = None;
        self.go(from, next)?;
        self.close();
        self.op(Wasm::Unreachable);
        Ok(())
    }

    /// Has an integer in a local variable, or leaves it all to the interpreter.
    fn know_integer(&mut self, pc: usize, operand: Operand, register: usize) {
        let Operand::Any(_) = operand else { return };
        self.load_tag_of(register);
        self.ops(&[Wasm::I32Const(tag::INTEGER as i32), Wasm::I32Ne]);
        self.give_up_if(pc);
        self.ops(&[
            Wasm::LocalGet(BASE),
            Wasm::I64Load(value_of(register)),
            Wasm::LocalSet(integer(register)),
        ]);
        if !self.function.is_captured(register) {
            self.places[register] = Place::Integer { is_dirty: false };
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
        let known = |register: usize| matches!(self.places[register], Place::Integer { .. });
        if !(known(a) && known(a + 1) && known(a + 2)) {
            self.step(pc);
            self.are_stored(a..a + 4);
            self.has_jumped(jump);
            return self.choose(from, jump, next);
        }
        self.ops(&[Wasm::LocalGet(integer(a + 1)), Wasm::I64Eqz]);
        let (places, constants) = (self.places.clone(), self.constants.clone());
        self.open(Label::Inner, Wasm::If(BlockType::Empty));
        self.go(from, next)?;
        self.places = places;
        self.constants = constants;
        self.op(Wasm::Else);
        self.ops(&[Wasm::LocalGet(integer(a + 1)), Wasm::I64Const(1), Wasm::I64Sub]);
        self.set_integer(a + 1);
        self.op(Wasm::LocalGet(integer(a)));
        self.op(Wasm::LocalGet(integer(a + 2)));
        self.op(Wasm::I64Add);
        self.op(Wasm::LocalTee(integer(a)));
        self.has_integer(a);
        self.set_integer(a + 3);
        self.go(from, jump)?;
        self.close();
        self.op(Wasm::Unreachable);
        Ok(())
    }
}
