//! Instructions that decide between two blocks, but for loops.

use super::arithmetic::Operand;
use super::locals::{CONSTANTS, T, THREAD, at, field};
use super::{Emit, Label};
use crate::bytecode::{Constant, Instruction as Lua, Op, Version};
use crate::helpers::Helper;
use crate::refusal::Refusal;
use luago_abi::compiled::{comparison, tag, value};
use wasm_encoder::{BlockType, Instruction as Wasm, ValType};

/// The order that is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Order {
    Lt,
    Le,
    Gt,
    Ge,
}

impl Emit<'_> {
    /// The last instruction of a block, and on to one of two others.
    pub(super) fn branch(
        &mut self,
        from: usize,
        pc: usize,
        op: Op,
        one: Lua,
        jump: usize,
        next: usize,
    ) -> Result<(), Refusal> {
        let a = one.a();
        match op {
            Op::ForPrep => return self.for_prep(from, pc, one, jump, next),
            Op::ForLoop => return self.for_loop(from, pc, one, jump, next),
            Op::TForPrep => {
                self.step(pc);
                self.are_stored(a + 2..self.places.len());
                self.has_jumped(jump);
            }
            Op::TForCall => return self.next_turn(from, pc, one, jump, next),
            Op::Test => {
                self.fetch(a);
                self.is_false(a);
                self.unless(one.k());
            }
            Op::TestSet => return self.test_set(from, one, jump, next),
            Op::Eq => self.equal(pc, one, jump),
            Op::EqK => self.equal_constant(pc, one, jump),
            Op::EqI => self.equal_integer(one),
            Op::Lt => self.ordered(pc, Order::Lt, one, Operand::Any(one.b()), jump),
            Op::Le => self.ordered(pc, Order::Le, one, Operand::Any(one.b()), jump),
            Op::LtI => self.ordered(pc, Order::Lt, one, immediate(one), jump),
            Op::LeI => self.ordered(pc, Order::Le, one, immediate(one), jump),
            Op::GtI => self.ordered(pc, Order::Gt, one, immediate(one), jump),
            Op::GeI => self.ordered(pc, Order::Ge, one, immediate(one), jump),
            _ => return Err(Refusal::Bytecode),
        }
        self.choose(from, jump, next)
    }

    /// Whether the instruction jumps, of whether its condition is true.
    fn as_wanted(&mut self, k: bool) {
        if !k {
            self.op(Wasm::I32Eqz);
        }
    }

    /// The same of the opposite of its condition.
    fn unless(&mut self, k: bool) {
        self.as_wanted(!k);
    }

    fn test_set(&mut self, from: usize, one: Lua, jump: usize, next: usize) -> Result<(), Refusal> {
        self.fetch(one.b());
        self.is_false(one.b());
        self.unless(one.k());
        self.either(
            |emit| {
                emit.move_register(one.a(), one.b());
                emit.go(from, jump)
            },
            |emit| emit.go(from, next),
        )
    }

    /// The interpreter compares two registers, in a part of the code that is hardly ever run.
    fn compare_aside(&mut self, pc: usize, one: Lua, order: i32, jump: usize) {
        let kept = self.places.clone();
        self.flush(one.a());
        self.flush(one.b());
        self.op(Wasm::LocalGet(THREAD));
        self.address(one.a());
        self.address(one.b());
        self.op(Wasm::I32Const(order));
        self.call_helper(Helper::Compare);
        self.ops(&[Wasm::LocalTee(T[0]), Wasm::I32Const(0), Wasm::I32LtS]);
        self.open(Label::Inner, Wasm::If(BlockType::Result(ValType::I32)));
        self.step(pc);
        self.has_jumped(jump);
        self.op(Wasm::Else);
        self.op(Wasm::LocalGet(T[0]));
        self.as_wanted(one.k());
        self.close();
        self.places = kept;
    }

    /// It compares a register with a number of the instruction.
    fn compare_immediate_aside(&mut self, pc: usize, jump: usize) {
        self.step_aside(pc);
        self.has_jumped(jump);
    }

    fn equal(&mut self, pc: usize, one: Lua, jump: usize) {
        let (left, right) = (self.operand(one.a()), self.operand(one.b()));
        if is_integer(left) && is_integer(right) {
            self.push_integer(left);
            self.push_integer(right);
            self.op(Wasm::I64Eq);
            return self.as_wanted(one.k());
        }
        if is_float(left) && is_float(right) {
            self.push_float(left);
            self.push_float(right);
            self.op(Wasm::F64Eq);
            return self.as_wanted(one.k());
        }
        let (Operand::Any(a), Operand::Any(b)) = (left, right) else {
            self.step(pc);
            return self.has_jumped(jump);
        };
        self.open(Label::Inner, Wasm::Block(BlockType::Result(ValType::I32)));
        self.open(Label::Inner, Wasm::Block(BlockType::Empty));
        self.load_tag_of(a);
        self.op(Wasm::LocalTee(T[0]));
        self.load_tag_of(b);
        // Values of two kinds may still be equal numbers.
        self.ops(&[Wasm::LocalTee(T[1]), Wasm::I32Ne, Wasm::If(BlockType::Empty)]);
        self.ops(&[Wasm::LocalGet(T[0]), Wasm::LocalGet(T[1]), Wasm::I32Xor]);
        self.ops(&[Wasm::I32Const(tag::KIND as i32), Wasm::I32And, Wasm::I32Eqz]);
        self.branch_if(1, false);
        self.op(Wasm::I32Const(0));
        self.as_wanted(one.k());
        self.ops(&[Wasm::Br(2), Wasm::End]);
        self.is_tag(T[0], tag::SHORT_STRING);
        self.op(Wasm::If(BlockType::Empty));
        self.payloads(a, b, 4);
        self.op(Wasm::I32Eq);
        self.as_wanted(one.k());
        self.ops(&[Wasm::Br(2), Wasm::End]);
        self.is_tag(T[0], tag::INTEGER);
        self.op(Wasm::If(BlockType::Empty));
        self.payloads(a, b, 8);
        self.op(Wasm::I64Eq);
        self.as_wanted(one.k());
        self.ops(&[Wasm::Br(2), Wasm::End]);
        self.close();
        self.compare_aside(pc, one, comparison::EQUAL, jump);
        self.close();
    }

    fn payloads(&mut self, a: usize, b: usize, bytes: usize) {
        for register in [a, b] {
            match bytes {
                4 => self.push_address(register),
                _ => self.push_payload(register),
            }
        }
    }

    fn equal_constant(&mut self, pc: usize, one: Lua, jump: usize) {
        let (a, index) = (one.a(), one.b());
        let operand = self.operand(a);
        match (self.function.constants.get(index).copied(), operand) {
            (Some(Constant::Integer(number)), operand) if is_integer(operand) => {
                self.push_integer(operand);
                self.ops(&[Wasm::I64Const(number), Wasm::I64Eq]);
            }
            (Some(Constant::Float(number)), operand) if is_float(operand) => {
                self.push_float(operand);
                self.ops(&[Wasm::F64Const(number.into()), Wasm::F64Eq]);
            }
            (Some(constant), Operand::Any(_)) if constant.is_short_string() => {
                self.load_tag_of(a);
                self.op(Wasm::LocalSet(T[0]));
                if self.function.version == Version::Lua55 {
                    // A string that is kept elsewhere may be short and have the other tag.
                    self.is_tag(T[0], tag::LONG_STRING);
                    self.hint(false);
                    self.open(Label::Inner, Wasm::If(BlockType::Result(ValType::I32)));
                    self.step_aside(pc);
                    self.has_jumped(jump);
                    self.op(Wasm::Else);
                    self.is_short_constant(a, index);
                    self.as_wanted(one.k());
                    return self.close();
                }
                self.is_short_constant(a, index);
            }
            (Some(Constant::Other(tag)), Operand::Any(_)) if u32::from(tag) == tag::NIL => {
                self.load_tag_of(a);
                self.ops(&[Wasm::I32Const(tag::KIND as i32), Wasm::I32And, Wasm::I32Eqz]);
            }
            (Some(Constant::Other(tag)), Operand::Any(_))
                if [tag::FALSE, tag::TRUE].contains(&u32::from(tag)) =>
            {
                self.load_tag_of(a);
                self.ops(&[Wasm::I32Const(i32::from(tag)), Wasm::I32Eq]);
            }
            _ => {
                self.step(pc);
                return self.has_jumped(jump);
            }
        }
        self.as_wanted(one.k());
    }

    /// Whether a register, whose tag is in a local variable, is a constant that is kept once.
    fn is_short_constant(&mut self, register: usize, index: usize) {
        self.is_tag(T[0], tag::SHORT_STRING);
        self.push_address(register);
        self.ops(&[
            Wasm::LocalGet(CONSTANTS),
            Wasm::I32Load(field(at(index) as u32 + value::PAYLOAD)),
            Wasm::I32Eq,
            Wasm::I32And,
        ]);
    }

    fn equal_integer(&mut self, one: Lua) {
        let (a, number) = (one.a(), one.sb());
        match self.operand(a) {
            operand if is_integer(operand) => {
                self.push_integer(operand);
                self.ops(&[Wasm::I64Const(i64::from(number)), Wasm::I64Eq]);
            }
            operand if is_float(operand) => {
                self.push_float(operand);
                self.ops(&[Wasm::F64Const(f64::from(number).into()), Wasm::F64Eq]);
            }
            operand => {
                self.load_tag_of(a);
                self.op(Wasm::LocalSet(T[0]));
                self.is_tag(T[0], tag::INTEGER);
                self.push_integer(operand);
                self.ops(&[Wasm::I64Const(i64::from(number)), Wasm::I64Eq, Wasm::I32And]);
                self.is_tag(T[0], tag::FLOAT);
                self.push_float(operand);
                self.ops(&[Wasm::F64Const(f64::from(number).into()), Wasm::F64Eq, Wasm::I32And]);
                self.op(Wasm::I32Or);
            }
        }
        self.as_wanted(one.k());
    }

    fn ordered(&mut self, pc: usize, order: Order, one: Lua, right: Operand, jump: usize) {
        let left = self.operand(one.a());
        let right = match right {
            Operand::Any(register) => self.operand(register),
            constant => constant,
        };
        let is_constant = matches!(right, Operand::Constant(_)) && one.op() > Some(Op::Le);
        if is_integer(left) && is_integer(right) {
            self.push_integer(left);
            self.push_integer(right);
            self.op(integer_order(order));
            return self.as_wanted(one.k());
        }
        if is_float(left) && (is_float(right) || is_constant) {
            self.push_float(left);
            self.push_float(right);
            self.op(float_order(order));
            return self.as_wanted(one.k());
        }
        let any = |operand| matches!(operand, Operand::Any(_));
        if !any(left) && !any(right) {
            self.step(pc);
            return self.has_jumped(jump);
        }
        self.open(Label::Inner, Wasm::Block(BlockType::Result(ValType::I32)));
        self.open(Label::Inner, Wasm::Block(BlockType::Empty));
        for (tag, is_out) in [
            (tag::INTEGER, is_float(left) || is_float(right)),
            (tag::FLOAT, is_integer(left) || is_integer(right) && !is_constant),
        ] {
            if is_out {
                continue;
            }
            self.open(Label::Inner, Wasm::Block(BlockType::Empty));
            for operand in [left, right] {
                if let Operand::Any(register) = operand {
                    self.load_tag_of(register);
                    self.ops(&[Wasm::I32Const(tag as i32), Wasm::I32Ne]);
                    self.branch_if(0, false);
                }
            }
            if tag == tag::INTEGER {
                self.push_integer(left);
                self.push_integer(right);
                self.op(integer_order(order));
            } else {
                self.push_float(left);
                self.push_float(right);
                self.op(float_order(order));
            }
            self.as_wanted(one.k());
            self.op(Wasm::Br(2));
            self.close();
        }
        self.close();
        match one.op() {
            Some(Op::Lt) => self.compare_aside(pc, one, comparison::LESS, jump),
            Some(Op::Le) => self.compare_aside(pc, one, comparison::LESS_OR_EQUAL, jump),
            _ => self.compare_immediate_aside(pc, jump),
        }
        self.close();
    }
}

fn immediate(one: Lua) -> Operand {
    Operand::Constant(i64::from(one.sb()))
}

fn is_integer(operand: Operand) -> bool {
    matches!(operand, Operand::Integer(_) | Operand::Constant(_))
}

fn is_float(operand: Operand) -> bool {
    matches!(operand, Operand::Float(_) | Operand::FloatConstant(_))
}

fn integer_order(order: Order) -> Wasm<'static> {
    match order {
        Order::Lt => Wasm::I64LtS,
        Order::Le => Wasm::I64LeS,
        Order::Gt => Wasm::I64GtS,
        Order::Ge => Wasm::I64GeS,
    }
}

fn float_order(order: Order) -> Wasm<'static> {
    match order {
        Order::Lt => Wasm::F64Lt,
        Order::Le => Wasm::F64Le,
        Order::Gt => Wasm::F64Gt,
        Order::Ge => Wasm::F64Ge,
    }
}
