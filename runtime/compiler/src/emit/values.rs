//! Values of registers: in the stack, or numbers in local variables.

use super::locals::{
    BASE, CLOSURE, CONSTANTS, FIRST, T, at, byte, field, integer, tag_of, value_of,
};
use super::{Emit, Label};
use crate::bytecode::Constant;
use crate::registers::{Place, has};
use luago_abi::compiled::{closure, tag, upvalue, value};
use wasm_encoder::{BlockType, Instruction as Wasm};

impl Emit<'_> {
    /// Has a value in its local variables that the stack has.
    pub(super) fn read(&mut self, register: usize) {
        match self.places[register] {
            Place::Integer { .. } => self.load_payload(register),
            Place::Float { .. } => {
                self.op(Wasm::LocalGet(BASE));
                self.op(Wasm::F64Load(value_of(register)));
                self.op(Wasm::LocalSet(self.float(register)));
            }
            Place::Boxed { .. } => {
                self.load_payload(register);
                self.ops(&[Wasm::LocalGet(BASE), Wasm::I32Load8U(tag_of(register))]);
                self.op(Wasm::LocalSet(self.tag(register)));
            }
            _ => {}
        }
    }

    fn load_payload(&mut self, register: usize) {
        self.ops(&[
            Wasm::LocalGet(BASE),
            Wasm::I64Load(value_of(register)),
            Wasm::LocalSet(integer(register)),
        ]);
    }

    /// Has a value in local variables that only the stack has, as it will be looked at again.
    pub(super) fn fetch(&mut self, register: usize) {
        let is_there = !matches!(self.places[register], Place::Stack | Place::Number);
        if !is_there && !self.function.is_captured(register) {
            self.places[register] = Place::Boxed { is_dirty: false };
            self.read(register);
        }
    }

    /// Stores what is needed from an instruction on, and what can be asked for there.
    pub(super) fn flush_live(&mut self, pc: usize) {
        for register in 0..self.places.len() {
            if has(&self.live[pc], register) {
                self.flush(register);
            }
        }
    }

    /// Stores a value that the stack does not have.
    pub(super) fn flush(&mut self, register: usize) {
        match self.places[register] {
            Place::Integer { is_dirty: true } => {
                self.store_integer(register);
                self.places[register] = Place::Integer { is_dirty: false };
            }
            Place::Float { is_dirty: true } => {
                self.store_float(register);
                self.places[register] = Place::Float { is_dirty: false };
            }
            Place::Boxed { is_dirty: true } => {
                self.store_boxed(register);
                self.places[register] = Place::Boxed { is_dirty: false };
            }
            _ => {}
        }
    }

    fn store_boxed(&mut self, register: usize) {
        self.ops(&[
            Wasm::LocalGet(BASE),
            Wasm::LocalGet(integer(register)),
            Wasm::I64Store(value_of(register)),
            Wasm::LocalGet(BASE),
            Wasm::LocalGet(self.tag(register)),
            Wasm::I32Store8(tag_of(register)),
        ]);
    }

    pub(super) fn store_integer(&mut self, register: usize) {
        self.ops(&[
            Wasm::LocalGet(BASE),
            Wasm::LocalGet(integer(register)),
            Wasm::I64Store(value_of(register)),
        ]);
        self.store_tag(register, tag::INTEGER);
    }

    pub(super) fn store_float(&mut self, register: usize) {
        self.op(Wasm::LocalGet(BASE));
        self.op(Wasm::LocalGet(self.float(register)));
        self.op(Wasm::F64Store(value_of(register)));
        self.store_tag(register, tag::FLOAT);
    }

    pub(super) fn store_tag(&mut self, register: usize, tag: u32) {
        self.ops(&[
            Wasm::LocalGet(BASE),
            Wasm::I32Const(tag as i32),
            Wasm::I32Store8(tag_of(register)),
        ]);
    }

    pub(super) fn float(&self, register: usize) -> u32 {
        FIRST + u32::from(self.function.registers) + register as u32
    }

    pub(super) fn tag(&self, register: usize) -> u32 {
        FIRST + 2 * u32::from(self.function.registers) + register as u32
    }

    /// A payload and a tag on the stack become the value of a register.
    pub(super) fn set_boxed(&mut self, register: usize) {
        self.op(Wasm::LocalSet(self.tag(register)));
        self.op(Wasm::LocalSet(integer(register)));
        self.land(register);
        self.has_landed(register);
    }

    /// In one of several ways to the value of a register, it is in the local variables now.
    pub(super) fn land(&mut self, register: usize) {
        if self.function.is_captured(register) {
            self.store_boxed(register);
        } else if self.places[register].is_shadowing() {
            self.store_tag(register, tag::NIL);
        }
    }

    /// In another of them, the interpreter has stored it.
    pub(super) fn land_from_step(&mut self, register: usize) {
        if !self.function.is_captured(register) {
            let place =
                std::mem::replace(&mut self.places[register], Place::Boxed { is_dirty: false });
            self.read(register);
            self.places[register] = place;
        }
    }

    /// All the ways have come to an end.
    pub(super) fn has_landed(&mut self, register: usize) {
        self.constants[register] = None;
        self.places[register] = match self.function.is_captured(register) {
            true => Place::Stack,
            false => Place::Boxed { is_dirty: true },
        };
    }

    /// The payload of a value that is no float in a local variable.
    pub(super) fn push_payload(&mut self, register: usize) {
        match self.places[register] {
            Place::Integer { .. } | Place::Boxed { .. } => {
                self.op(Wasm::LocalGet(integer(register)));
            }
            Place::Float { .. } => {
                self.op(Wasm::LocalGet(self.float(register)));
                self.op(Wasm::I64ReinterpretF64);
            }
            _ => {
                self.op(Wasm::LocalGet(BASE));
                self.op(Wasm::I64Load(value_of(register)));
            }
        }
    }

    /// The address that a value is, which is no number in a local variable.
    pub(super) fn push_address(&mut self, register: usize) {
        match self.places[register] {
            Place::Boxed { .. } => {
                self.op(Wasm::LocalGet(integer(register)));
                self.op(Wasm::I32WrapI64);
            }
            _ => {
                self.op(Wasm::LocalGet(BASE));
                self.op(Wasm::I32Load(value_of(register)));
            }
        }
    }

    /// The value at an address in a local variable, and an offset: its payload and its tag.
    pub(super) fn push_value_at(&mut self, address: u32, offset: usize) {
        self.ops(&[
            Wasm::LocalGet(address),
            Wasm::I64Load(field(offset as u32 + value::PAYLOAD)),
            Wasm::LocalGet(address),
            Wasm::I32Load8U(byte(offset as u32 + value::TAG)),
        ]);
    }

    /// An integer on the stack becomes the value of a register.
    pub(super) fn set_integer(&mut self, register: usize) {
        self.op(Wasm::LocalSet(integer(register)));
        self.has_integer(register);
    }

    pub(super) fn has_integer(&mut self, register: usize) {
        self.constants[register] = None;
        if self.function.is_captured(register) {
            self.store_integer(register);
            self.places[register] = Place::Stack;
            return;
        }
        if self.places[register].is_shadowing() {
            self.store_tag(register, tag::INTEGER);
        }
        self.places[register] = Place::Integer { is_dirty: true };
    }

    pub(super) fn set_float(&mut self, register: usize) {
        self.op(Wasm::LocalSet(self.float(register)));
        self.has_float(register);
    }

    pub(super) fn has_float(&mut self, register: usize) {
        self.constants[register] = None;
        if self.function.is_captured(register) {
            self.store_float(register);
            self.places[register] = Place::Stack;
            return;
        }
        if self.places[register].is_shadowing() {
            self.store_tag(register, tag::FLOAT);
        }
        self.places[register] = Place::Float { is_dirty: true };
    }

    /// Something has been stored into a register.
    pub(super) fn is_stored(&mut self, register: usize) {
        if let Some(place) = self.places.get_mut(register) {
            *place = Place::Stack;
            self.constants[register] = None;
        }
    }

    pub(super) fn are_stored(&mut self, registers: std::ops::Range<usize>) {
        registers.for_each(|register| self.is_stored(register));
    }

    /// Copies a value between addresses: that of the source is in a local variable, and an offset.
    pub(super) fn copy(&mut self, to: (u32, usize), from: (u32, usize)) {
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

    pub(super) fn move_register(&mut self, to: usize, from: usize) {
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
                self.fetch(from);
                self.push_payload(from);
                self.load_tag_of(from);
                self.set_boxed(to);
            }
        }
    }

    pub(super) fn load_constant(&mut self, to: usize, index: usize) {
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
                self.push_value_at(CONSTANTS, at(index));
                self.set_boxed(to);
            }
        }
    }

    pub(super) fn load_tag(&mut self, register: usize, tag: u32) {
        self.store_tag(register, tag);
        self.is_stored(register);
        if !self.function.is_captured(register) {
            self.places[register] = Place::Number;
        }
    }

    /// The address of the value of an upvalue.
    pub(super) fn upvalue(&mut self, index: usize, to: u32) {
        self.ops(&[
            Wasm::LocalGet(CLOSURE),
            Wasm::I32Load(field(closure::UPVALUES + 4 * index as u32)),
            Wasm::I32Load(field(upvalue::VALUE)),
            Wasm::LocalSet(to),
        ]);
    }

    pub(super) fn set_upvalue(&mut self, pc: usize, from: usize, index: usize) {
        self.fetch(from);
        self.upvalue(index, T[0]);
        if matches!(self.places[from], Place::Integer { .. } | Place::Float { .. }) {
            return self.store_number(T[0], (T[0], value::TAG), from);
        }
        self.load_tag_of(from);
        self.ops(&[Wasm::I32Const(tag::COLLECTED as i32), Wasm::I32And]);
        self.open(Label::Inner, Wasm::If(BlockType::Empty));
        self.step_aside(pc);
        self.op(Wasm::Else);
        self.store_value(T[0], 0, from);
        self.close();
    }

    /// Stores a value that is no number in a local variable at an address.
    pub(super) fn store_value(&mut self, address: u32, offset: u32, register: usize) {
        self.op(Wasm::LocalGet(address));
        self.push_payload(register);
        self.op(Wasm::I64Store(field(offset + value::PAYLOAD)));
        self.op(Wasm::LocalGet(address));
        self.load_tag_of(register);
        self.op(Wasm::I32Store8(byte(offset + value::TAG)));
    }

    /// Stores a number of a local variable at an address, and its tag at an offset of another.
    pub(super) fn store_number(&mut self, address: u32, tag_at: (u32, u32), register: usize) {
        self.op(Wasm::LocalGet(address));
        let tag = match self.places[register] {
            Place::Integer { .. } => {
                self.op(Wasm::LocalGet(integer(register)));
                self.op(Wasm::I64Store(field(value::PAYLOAD)));
                tag::INTEGER
            }
            _ => {
                self.op(Wasm::LocalGet(self.float(register)));
                self.op(Wasm::F64Store(field(value::PAYLOAD)));
                tag::FLOAT
            }
        };
        self.ops(&[
            Wasm::LocalGet(tag_at.0),
            Wasm::I32Const(tag as i32),
            Wasm::I32Store8(byte(tag_at.1)),
        ]);
    }

    /// The tag of a value that is no number in a local variable.
    pub(super) fn load_tag_of(&mut self, register: usize) {
        match self.places[register] {
            Place::Boxed { .. } => self.op(Wasm::LocalGet(self.tag(register))),
            _ => self.ops(&[Wasm::LocalGet(BASE), Wasm::I32Load8U(tag_of(register))]),
        }
    }

    pub(super) fn not(&mut self, to: usize, from: usize) {
        self.is_false(from);
        // False is 0x01 and true 0x11.
        self.ops(&[Wasm::I32Const(4), Wasm::I32Shl, Wasm::I32Const(tag::FALSE as i32)]);
        self.op(Wasm::I32Or);
        self.op(Wasm::LocalSet(T[0]));
        self.ops(&[Wasm::I64Const(0), Wasm::LocalGet(T[0])]);
        self.set_boxed(to);
    }

    /// Whether a register has nil or false.
    pub(super) fn is_false(&mut self, register: usize) {
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
    pub(super) fn is_tag(&mut self, local: u32, tag: u32) {
        self.ops(&[Wasm::LocalGet(local), Wasm::I32Const(tag as i32), Wasm::I32Eq]);
    }
}
