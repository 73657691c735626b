//! Arithmetic, in place where the operands are numbers of known types.

use super::Emit;
use super::locals::{BASE, F, I, T, integer, value_of};
use crate::bytecode::{Constant, Instruction as Lua, Op};
use crate::helpers::Helper;
use crate::registers::Place;
use luago_abi::compiled::tag;
use wasm_encoder::{BlockType, Instruction as Wasm};

/// What is known of an operand.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Operand {
    Integer(usize),
    Float(usize),
    Constant(i64),
    FloatConstant(f64),
    /// Of any type, in the stack.
    Any(usize),
}

impl Operand {
    fn is_integer(self) -> bool {
        matches!(self, Operand::Integer(_) | Operand::Constant(_))
    }

    fn is_float(self) -> bool {
        matches!(self, Operand::Float(_) | Operand::FloatConstant(_))
    }

    fn is_any(self) -> bool {
        matches!(self, Operand::Any(_))
    }
}

/// What is done, whatever the operands are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Add,
    Sub,
    Mul,
    Mod,
    Pow,
    Div,
    IDiv,
    And,
    Or,
    Xor,
    Shl,
    Shr,
}

fn kind(op: Op) -> Option<Kind> {
    Some(match op {
        Op::AddI | Op::AddK | Op::Add => Kind::Add,
        Op::SubK | Op::Sub => Kind::Sub,
        Op::MulK | Op::Mul => Kind::Mul,
        Op::ModK | Op::Mod => Kind::Mod,
        Op::PowK | Op::Pow => Kind::Pow,
        Op::DivK | Op::Div => Kind::Div,
        Op::IDivK | Op::IDiv => Kind::IDiv,
        Op::BAndK | Op::BAnd => Kind::And,
        Op::BOrK | Op::BOr => Kind::Or,
        Op::BXorK | Op::BXor => Kind::Xor,
        Op::ShlI | Op::Shl => Kind::Shl,
        Op::ShrI | Op::Shr => Kind::Shr,
        _ => return None,
    })
}

impl Emit<'_> {
    /// What is known of a register, whose value is fetched.
    pub(super) fn operand(&mut self, register: usize) -> Operand {
        self.fetch(register);
        self.fetched(register)
    }

    pub(super) fn fetched(&self, register: usize) -> Operand {
        match self.places[register] {
            Place::Integer { .. } => match self.constants[register] {
                Some(number) => Operand::Constant(number),
                None => Operand::Integer(register),
            },
            Place::Float { .. } => Operand::Float(register),
            _ => Operand::Any(register),
        }
    }

    fn constant_operand(&self, index: usize) -> Operand {
        match self.function.constants.get(index) {
            Some(&Constant::Integer(number)) => Operand::Constant(number),
            Some(&Constant::Float(number)) => Operand::FloatConstant(number),
            _ => Operand::Constant(0),
        }
    }

    /// An integer, of an operand that is known to be one or was seen to be one.
    pub(super) fn push_integer(&mut self, operand: Operand) {
        match operand {
            Operand::Constant(number) => self.op(Wasm::I64Const(number)),
            Operand::Integer(register) => self.op(Wasm::LocalGet(integer(register))),
            Operand::Any(register) => self.push_payload(register),
            Operand::Float(_) | Operand::FloatConstant(_) => self.op(Wasm::I64Const(0)),
        }
    }

    /// A float, of an operand that is known to be a number or was seen to be a float.
    pub(super) fn push_float(&mut self, operand: Operand) {
        match operand {
            Operand::Constant(number) => self.op(Wasm::F64Const((number as f64).into())),
            Operand::FloatConstant(number) => self.op(Wasm::F64Const(number.into())),
            Operand::Integer(register) => {
                self.op(Wasm::LocalGet(integer(register)));
                self.op(Wasm::F64ConvertI64S);
            }
            Operand::Float(register) => self.op(Wasm::LocalGet(self.float(register))),
            Operand::Any(register) if matches!(self.places[register], Place::Boxed { .. }) => {
                self.op(Wasm::LocalGet(integer(register)));
                self.op(Wasm::F64ReinterpretI64);
            }
            Operand::Any(register) => {
                self.op(Wasm::LocalGet(BASE));
                self.op(Wasm::F64Load(value_of(register)));
            }
        }
    }

    pub(super) fn arithmetic(&mut self, pc: usize, op: Op, one: Lua) {
        let (a, b, c) = (one.a(), one.b(), one.c());
        let immediate = Operand::Constant(i64::from(one.sc()));
        match op {
            Op::Unm => return self.negate(pc, a, b),
            Op::BNot => {
                let operand = self.operand(b);
                if operand.is_float() {
                    return self.by_step(pc, a);
                }
                self.expect_integer(pc, operand);
                self.push_integer(operand);
                self.ops(&[Wasm::I64Const(-1), Wasm::I64Xor]);
                return self.set_integer(a);
            }
            _ => {}
        }
        let Some(kind) = kind(op) else { return self.by_step(pc, a) };
        let (left, right) = match op {
            Op::AddI | Op::ShrI => (self.operand(b), immediate),
            Op::ShlI => (immediate, self.operand(b)),
            op if op < Op::Add => (self.operand(b), self.constant_operand(c)),
            _ => (self.operand(b), self.operand(c)),
        };
        match kind {
            Kind::And | Kind::Or | Kind::Xor | Kind::Shl | Kind::Shr => {
                self.bitwise(pc, a, kind, left, right);
            }
            Kind::Div | Kind::Pow => self.float_only(pc, a, kind, left, right),
            _ if left.is_integer() && right.is_integer() => {
                if self.integers(pc, kind, left, right) {
                    self.set_integer(a);
                } else {
                    self.by_step(pc, a);
                }
            }
            _ if left.is_float() || right.is_float() => {
                self.push_number(pc, left);
                self.push_number(pc, right);
                self.float_operation(kind);
                self.set_float(a);
            }
            _ => self.any(pc, a, kind, left, right),
        }
    }

    /// The interpreter does it.
    fn by_step(&mut self, pc: usize, to: usize) {
        self.step(pc);
        self.is_stored(to);
    }

    fn negate(&mut self, pc: usize, to: usize, from: usize) {
        match self.operand(from) {
            operand if operand.is_integer() => {
                self.op(Wasm::I64Const(0));
                self.push_integer(operand);
                self.op(Wasm::I64Sub);
                self.set_integer(to);
            }
            operand if operand.is_float() => {
                self.push_float(operand);
                self.op(Wasm::F64Neg);
                self.set_float(to);
            }
            _ => self.by_step(pc, to),
        }
    }

    /// Gives up if an operand in the stack is no integer.
    fn expect_integer(&mut self, pc: usize, operand: Operand) {
        if let Operand::Any(register) = operand {
            self.load_tag_of(register);
            self.ops(&[Wasm::I32Const(tag::INTEGER as i32), Wasm::I32Ne]);
            self.give_up_if(pc);
        }
    }

    /// A number as a float; gives up if an operand in the stack is no number.
    fn push_number(&mut self, pc: usize, operand: Operand) {
        let Operand::Any(register) = operand else { return self.push_float(operand) };
        self.load_tag_of(register);
        self.op(Wasm::LocalSet(T[0]));
        self.is_tag(T[0], tag::FLOAT);
        self.open(super::Label::Inner, Wasm::If(BlockType::Result(wasm_encoder::ValType::F64)));
        self.push_float(operand);
        self.op(Wasm::Else);
        self.ops(&[Wasm::LocalGet(T[0]), Wasm::I32Const(tag::INTEGER as i32), Wasm::I32Ne]);
        self.give_up_if(pc);
        self.push_integer(operand);
        self.op(Wasm::F64ConvertI64S);
        self.close();
    }

    fn bitwise(&mut self, pc: usize, to: usize, kind: Kind, left: Operand, right: Operand) {
        if left.is_float() || right.is_float() {
            return self.by_step(pc, to);
        }
        let shift = match (kind, right) {
            (Kind::Shl, Operand::Constant(by)) => Some(by),
            (Kind::Shr, Operand::Constant(by)) => Some(by.wrapping_neg()),
            _ => None,
        };
        self.expect_integer(pc, left);
        self.expect_integer(pc, right);
        if let Some(by) = shift {
            match by {
                0..=63 => {
                    self.push_integer(left);
                    self.ops(&[Wasm::I64Const(by), Wasm::I64Shl]);
                }
                -63..=-1 => {
                    self.push_integer(left);
                    self.ops(&[Wasm::I64Const(-by), Wasm::I64ShrU]);
                }
                _ => self.op(Wasm::I64Const(0)),
            }
            return self.set_integer(to);
        }
        if matches!(kind, Kind::Shl | Kind::Shr) {
            self.push_integer(right);
            self.ops(&[Wasm::I64Const(63), Wasm::I64GtU]);
            self.give_up_if(pc);
        }
        self.push_integer(left);
        self.push_integer(right);
        self.op(match kind {
            Kind::And => Wasm::I64And,
            Kind::Or => Wasm::I64Or,
            Kind::Xor => Wasm::I64Xor,
            Kind::Shl => Wasm::I64Shl,
            _ => Wasm::I64ShrU,
        });
        self.set_integer(to);
    }

    /// What always makes a float.
    fn float_only(&mut self, pc: usize, to: usize, kind: Kind, left: Operand, right: Operand) {
        let is_square =
            matches!(right, Operand::Constant(2)) || right == Operand::FloatConstant(2.0);
        self.push_number(pc, left);
        if kind == Kind::Pow && !is_square {
            self.push_number(pc, right);
            self.call_helper(Helper::Pow);
        } else if kind == Kind::Pow {
            self.ops(&[Wasm::LocalTee(F[0]), Wasm::LocalGet(F[0]), Wasm::F64Mul]);
        } else {
            self.push_number(pc, right);
            self.op(Wasm::F64Div);
        }
        self.set_float(to);
    }

    fn float_operation(&mut self, kind: Kind) {
        match kind {
            Kind::Add => self.op(Wasm::F64Add),
            Kind::Sub => self.op(Wasm::F64Sub),
            Kind::Mul => self.op(Wasm::F64Mul),
            Kind::IDiv => self.ops(&[Wasm::F64Div, Wasm::F64Floor]),
            Kind::Mod => self.call_helper(Helper::Mod),
            _ => self.op(Wasm::F64Div),
        }
    }

    /// An operation on integers, whose result is on the stack then; false if there is no code
    /// for it.
    fn integers(&mut self, pc: usize, kind: Kind, left: Operand, right: Operand) -> bool {
        match kind {
            Kind::Add | Kind::Sub | Kind::Mul => {
                self.push_integer(left);
                self.push_integer(right);
                self.op(match kind {
                    Kind::Add => Wasm::I64Add,
                    Kind::Sub => Wasm::I64Sub,
                    _ => Wasm::I64Mul,
                });
            }
            Kind::Mod | Kind::IDiv => {
                match right {
                    Operand::Constant(divisor) if divisor <= 0 => return false,
                    Operand::Constant(_) => {}
                    _ => {
                        self.push_integer(right);
                        self.ops(&[Wasm::I64Const(0), Wasm::I64LeS]);
                        self.give_up_if(pc);
                    }
                }
                self.divide(kind, left, right);
            }
            _ => return false,
        }
        true
    }

    /// The quotient or the rest of a division by a positive number, rounded down.
    fn divide(&mut self, kind: Kind, left: Operand, right: Operand) {
        let [rest, _] = I;
        self.push_integer(left);
        self.push_integer(right);
        self.ops(&[Wasm::I64RemS, Wasm::LocalSet(rest)]);
        if kind == Kind::Mod {
            // Below zero, it is that much less than the divisor.
            self.op(Wasm::LocalGet(rest));
            self.push_integer(right);
            self.op(Wasm::I64Const(0));
            self.ops(&[Wasm::LocalGet(rest), Wasm::I64Const(0), Wasm::I64LtS, Wasm::Select]);
            self.op(Wasm::I64Add);
        } else {
            self.push_integer(left);
            self.push_integer(right);
            self.op(Wasm::I64DivS);
            self.ops(&[
                Wasm::LocalGet(rest),
                Wasm::I64Const(0),
                Wasm::I64LtS,
                Wasm::I64ExtendI32U,
                Wasm::I64Sub,
            ]);
        }
    }

    /// At least one operand is in the stack, and none is known to be a float.
    fn any(&mut self, pc: usize, to: usize, kind: Kind, left: Operand, right: Operand) {
        let with_integers = matches!(kind, Kind::Add | Kind::Sub | Kind::Mul)
            || matches!(right, Operand::Constant(divisor) if divisor > 0);
        self.open(super::Label::Inner, Wasm::Block(BlockType::Empty));
        self.open(super::Label::Inner, Wasm::Block(BlockType::Empty));
        if with_integers {
            self.open(super::Label::Inner, Wasm::Block(BlockType::Empty));
            self.both_have(left, right, tag::INTEGER);
            self.op(Wasm::I32Eqz);
            self.branch_if(0, false);
            self.integers(pc, kind, left, right);
            self.ops(&[Wasm::LocalSet(integer(to)), Wasm::I32Const(tag::INTEGER as i32)]);
            self.op(Wasm::LocalSet(self.tag(to)));
            self.land(to);
            self.op(Wasm::Br(2));
            self.close();
        }
        self.both_have(left, right, tag::FLOAT);
        self.ops(&[Wasm::I32Eqz, Wasm::BrIf(0)]);
        self.push_float(left);
        self.push_float(right);
        self.float_operation(kind);
        self.op(Wasm::I64ReinterpretF64);
        self.ops(&[Wasm::LocalSet(integer(to)), Wasm::I32Const(tag::FLOAT as i32)]);
        self.op(Wasm::LocalSet(self.tag(to)));
        self.land(to);
        self.op(Wasm::Br(1));
        self.close();
        self.step_aside(pc);
        self.land_from_step(to);
        self.close();
        self.has_landed(to);
    }

    /// Whether those operands that are in the stack have this tag.
    fn both_have(&mut self, left: Operand, right: Operand, tag: u32) {
        let mut is_first = true;
        for operand in [left, right] {
            let Operand::Any(register) = operand else { continue };
            self.load_tag_of(register);
            self.ops(&[Wasm::I32Const(tag as i32), Wasm::I32Eq]);
            if !is_first {
                self.op(Wasm::I32And);
            }
            is_first = false;
        }
        debug_assert!(left.is_any() || right.is_any());
    }
}
