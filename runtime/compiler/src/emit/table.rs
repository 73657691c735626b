//! Reads and writes of tables, in place where the table has the value itself.

use super::arithmetic::Operand;
use super::locals::{CONSTANTS, FRAME, I, T, THREAD, at, byte, field, integer, tag_of, value_of};
use super::{Emit, Label};
use crate::bytecode::{Instruction as Lua, Op, Version};
use crate::helpers::Helper;
use crate::registers::Place;
use luago_abi::compiled::{node, split_array, string, table, tag, value};
use wasm_encoder::{BlockType, Instruction as Wasm};

/// Nodes that are looked at in place: there may be any number.
const PROBES: usize = 2;

const TABLE: u32 = T[1];
/// The address of a value, or of its payload.
const SLOT: u32 = T[2];
/// The address of its tag, if that stands elsewhere.
const SLOT_TAG: u32 = T[3];

/// What a table is asked for.
#[derive(Debug, Clone, Copy)]
enum Key {
    /// A constant, a short string.
    Name(usize),
    Index(i64),
    Register(usize),
}

/// How a table has a value that was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Slot {
    /// As registers are.
    Whole,
    /// Payload and tag in two arrays.
    Split,
}

/// What is indexed.
#[derive(Debug, Clone, Copy)]
enum Table {
    Upvalue(usize),
    Register(usize),
}

impl Emit<'_> {
    pub(super) fn index(&mut self, pc: usize, op: Op, one: Lua) {
        let (a, b, c) = (one.a(), one.b(), one.c());
        let key = match op {
            Op::GetTabUp | Op::GetField => Key::Name(c),
            Op::SetTabUp | Op::SetField => Key::Name(b),
            Op::GetI => Key::Index(c as i64),
            Op::SetI => Key::Index(b as i64),
            Op::GetTable => Key::Register(c),
            _ => Key::Register(b),
        };
        let is_read = op < Op::SetTabUp;
        if let Key::Register(register) = key
            && matches!(self.places[register], Place::Float { .. })
        {
            self.step(pc);
            if is_read {
                self.is_stored(a);
            }
            return;
        }
        let of = match op {
            Op::GetTabUp => Table::Upvalue(b),
            Op::SetTabUp => Table::Upvalue(a),
            _ => Table::Register(if is_read { b } else { a }),
        };
        if let Table::Register(register) = of {
            self.fetch(register);
        }
        if let Key::Register(register) = key {
            self.fetch(register);
        }
        if !is_read && !one.k() {
            self.fetch(c);
        }
        let kept = self.places.clone();
        self.open(Label::Inner, Wasm::Block(BlockType::Empty));
        self.open(Label::Inner, Wasm::Block(BlockType::Empty));
        let slot = match (key, self.function.version) {
            (Key::Name(_), _) | (_, Version::Lua54) => Slot::Whole,
            (_, Version::Lua55) => Slot::Split,
        };
        if is_read {
            self.open(Label::Inner, Wasm::Block(BlockType::Empty));
            self.open(Label::Inner, Wasm::Block(BlockType::Empty));
        }
        self.open(Label::Inner, Wasm::Block(BlockType::Empty));
        self.table(of);
        match key {
            Key::Name(index) => self.find_name(index),
            Key::Index(index) => {
                self.op(Wasm::I32Const(index as i32 - 1));
                self.op(Wasm::LocalSet(T[0]));
                self.find_element();
            }
            Key::Register(register) => self.find_index(register),
        }
        if is_read {
            self.load_slot_tag(slot);
            match slot {
                Slot::Whole => {
                    self.ops(&[Wasm::I32Const(tag::KIND as i32), Wasm::I32And]);
                    self.branch_if(1, true);
                }
                Slot::Split => {
                    self.op(Wasm::LocalTee(T[0]));
                    self.ops(&[Wasm::I32Const(tag::KIND as i32), Wasm::I32And, Wasm::I32Eqz]);
                    self.branch_if(0, false);
                    self.ops(&[Wasm::LocalGet(SLOT), Wasm::I64Load(field(0))]);
                    self.ops(&[Wasm::LocalGet(T[0]), Wasm::LocalSet(self.tag(a))]);
                    self.ops(&[Wasm::LocalSet(integer(a)), Wasm::Br(2)]);
                }
            }
        } else {
            self.write_slot(one, slot, !matches!(key, Key::Name(_)));
            self.op(Wasm::Br(2));
        }
        self.close();
        if is_read {
            self.find_elsewhere(of, key);
            self.close();
            self.push_value_at(SLOT, 0);
            self.ops(&[Wasm::LocalSet(self.tag(a)), Wasm::LocalSet(integer(a))]);
            self.close();
            self.land(a);
            self.op(Wasm::Br(1));
        } else {
            self.put(pc, of, key, one);
        }
        self.close();
        self.step_aside(pc);
        if is_read {
            self.land_from_step(a);
        }
        self.close();
        self.places = kept;
        if is_read {
            self.has_landed(a);
        }
    }

    /// Has the interpreter look for a value, without running anything; or on to it.
    fn find_elsewhere(&mut self, of: Table, key: Key) {
        if matches!(key, Key::Index(_)) {
            return self.op(Wasm::Br(2));
        }
        let kept = self.places.clone();
        if let Table::Register(register) = of {
            self.flush(register);
        }
        if let Key::Register(register) = key {
            self.flush(register);
        }
        self.find(|emit| emit.push_table(of), |emit| emit.push_key(key), SLOT);
        self.places = kept;
        self.op(Wasm::BrIf(2));
    }

    /// Has the interpreter put a value into a table, without running anything; or on to it.
    fn put(&mut self, pc: usize, of: Table, key: Key, one: Lua) {
        if matches!(key, Key::Index(_)) {
            return;
        }
        // When there is no memory left, it collects.
        self.flush_live(pc);
        self.save_pc(pc + 1);
        self.ops(&[Wasm::LocalGet(THREAD), Wasm::LocalGet(FRAME)]);
        self.push_table(of);
        self.push_key(key);
        if one.k() {
            self.constant_address(one.c())
        } else {
            self.address(one.c())
        }
        self.call_helper(Helper::Put);
        self.branch_if(1, true);
    }

    /// The address of the value that is to be a table.
    fn push_table(&mut self, of: Table) {
        match of {
            Table::Upvalue(index) => {
                self.upvalue(index, T[0]);
                self.op(Wasm::LocalGet(T[0]));
            }
            Table::Register(register) => self.address(register),
        }
    }

    /// The address of a key.
    fn push_key(&mut self, key: Key) {
        match key {
            Key::Name(index) => self.constant_address(index),
            Key::Register(register) => self.address(register),
            Key::Index(_) => self.op(Wasm::I32Const(0)),
        }
    }

    /// The table that a value is, or on to the interpreter.
    fn table(&mut self, of: Table) {
        match of {
            Table::Upvalue(index) => {
                self.upvalue(index, T[0]);
                self.ops(&[Wasm::LocalGet(T[0]), Wasm::I32Load8U(byte(value::TAG))]);
            }
            Table::Register(register) => self.load_tag_of(register),
        }
        self.ops(&[Wasm::I32Const(tag::TABLE as i32), Wasm::I32Ne, Wasm::BrIf(0)]);
        match of {
            Table::Upvalue(_) => {
                self.ops(&[Wasm::LocalGet(T[0]), Wasm::I32Load(field(value::PAYLOAD))]);
            }
            Table::Register(register) => self.push_address(register),
        }
        self.op(Wasm::LocalSet(TABLE));
    }

    /// The node of a short string, or on to the interpreter.
    fn find_name(&mut self, index: usize) {
        let (key, found) = (T[0], T[3]);
        self.ops(&[
            Wasm::LocalGet(CONSTANTS),
            Wasm::I32Load(field(at(index) as u32 + value::PAYLOAD)),
            Wasm::LocalSet(key),
            Wasm::LocalGet(TABLE),
            Wasm::I32Load(field(table::NODES)),
            Wasm::LocalGet(key),
            Wasm::I32Load(field(string::HASH)),
            Wasm::I32Const(1),
            Wasm::LocalGet(TABLE),
            Wasm::I32Load8U(byte(table::LOG_NODES)),
            Wasm::I32Shl,
            Wasm::I32Const(1),
            Wasm::I32Sub,
            Wasm::I32And,
            Wasm::I32Const(node::SIZE as i32),
            Wasm::I32Mul,
            Wasm::I32Add,
            Wasm::LocalSet(SLOT),
        ]);
        self.open(Label::Inner, Wasm::Block(BlockType::Empty));
        for probe in 0..PROBES {
            self.ops(&[
                Wasm::LocalGet(SLOT),
                Wasm::I32Load(field(node::KEY)),
                Wasm::LocalGet(key),
                Wasm::I32Eq,
                Wasm::LocalGet(SLOT),
                Wasm::I32Load8U(byte(node::KEY_TAG)),
                Wasm::I32Const(tag::SHORT_STRING as i32),
                Wasm::I32Eq,
                Wasm::I32And,
            ]);
            self.branch_if(0, probe == 0);
            if probe + 1 == PROBES {
                self.op(Wasm::Br(1));
                continue;
            }
            self.ops(&[
                Wasm::LocalGet(SLOT),
                Wasm::I32Load(field(node::NEXT)),
                Wasm::LocalTee(found),
                Wasm::I32Eqz,
                Wasm::BrIf(1),
                Wasm::LocalGet(SLOT),
                Wasm::LocalGet(found),
                Wasm::I32Const(node::SIZE as i32),
                Wasm::I32Mul,
                Wasm::I32Add,
                Wasm::LocalSet(SLOT),
            ]);
        }
        self.close();
    }

    /// The value in the array at the index of a register, or on to the interpreter.
    fn find_index(&mut self, register: usize) {
        let operand = self.fetched(register);
        if let Operand::Any(_) = operand {
            self.load_tag_of(register);
            self.ops(&[Wasm::I32Const(tag::INTEGER as i32), Wasm::I32Ne, Wasm::BrIf(0)]);
        }
        // An index that does not fit into 32 bits is in no array.
        self.push_integer(operand);
        self.ops(&[Wasm::I64Const(1), Wasm::I64Sub, Wasm::LocalTee(I[0])]);
        self.ops(&[
            Wasm::LocalGet(TABLE),
            Wasm::I64Load32U(field(table::ARRAY_LEN)),
            Wasm::I64GeU,
            Wasm::BrIf(0),
            Wasm::LocalGet(I[0]),
            Wasm::I32WrapI64,
            Wasm::LocalSet(T[0]),
        ]);
        self.element_address();
    }

    /// The value in the array at the index in a local variable, which is one less.
    fn find_element(&mut self) {
        self.ops(&[
            Wasm::LocalGet(T[0]),
            Wasm::LocalGet(TABLE),
            Wasm::I32Load(field(table::ARRAY_LEN)),
            Wasm::I32GeU,
            Wasm::BrIf(0),
        ]);
        self.element_address();
    }

    /// Where the element is whose number, from 0 on, is in a local variable.
    fn element_address(&mut self) {
        self.ops(&[Wasm::LocalGet(TABLE), Wasm::I32Load(field(table::ARRAY))]);
        match self.function.version {
            Version::Lua54 => {
                self.ops(&[Wasm::LocalGet(T[0]), Wasm::I32Const(4), Wasm::I32Shl, Wasm::I32Add]);
            }
            // Payloads stand in front of the array's address, the first one last.
            Version::Lua55 => self.ops(&[
                Wasm::LocalTee(SLOT_TAG),
                Wasm::LocalGet(SLOT_TAG),
                Wasm::LocalGet(T[0]),
                Wasm::I32Add,
                Wasm::LocalSet(SLOT_TAG),
                Wasm::LocalGet(T[0]),
                Wasm::I32Const(3),
                Wasm::I32Shl,
                Wasm::I32Sub,
                Wasm::I32Const(split_array::PAYLOAD as i32),
                Wasm::I32Sub,
            ]),
        }
        self.op(Wasm::LocalSet(SLOT));
    }

    fn load_slot_tag(&mut self, slot: Slot) {
        self.ops(&match slot {
            Slot::Whole => [Wasm::LocalGet(SLOT), Wasm::I32Load8U(byte(value::TAG))],
            Slot::Split => [Wasm::LocalGet(SLOT_TAG), Wasm::I32Load8U(byte(split_array::TAG))],
        });
    }

    /// Writes a register or a constant where the value of the table is, if that is not nil, or
    /// if nothing else has to know of it.
    fn write_slot(&mut self, one: Lua, slot: Slot, is_in_array: bool) {
        let c = one.c();
        self.load_slot_tag(slot);
        self.ops(&[Wasm::I32Const(tag::KIND as i32), Wasm::I32And, Wasm::I32Eqz]);
        if is_in_array {
            self.ops(&[Wasm::LocalGet(TABLE), Wasm::I32Load(field(table::METATABLE))]);
            self.ops(&[Wasm::I32Const(0), Wasm::I32Ne, Wasm::I32And]);
        }
        self.op(Wasm::BrIf(0));
        let is_number = |place: Place| matches!(place, Place::Integer { .. } | Place::Float { .. });
        if !one.k() && is_number(self.places[c]) {
            return match slot {
                Slot::Whole => self.store_number(SLOT, (SLOT, value::TAG), c),
                Slot::Split => self.store_number(SLOT, (SLOT_TAG, split_array::TAG), c),
            };
        }
        // The collector has to be told of what a table that it has seen gets.
        if one.k() {
            self.ops(&[Wasm::LocalGet(CONSTANTS), Wasm::I32Load8U(tag_of(c))]);
        } else {
            self.load_tag_of(c);
        }
        self.ops(&[
            Wasm::LocalTee(T[0]),
            Wasm::I32Const(tag::COLLECTED as i32),
            Wasm::I32And,
            Wasm::If(BlockType::Empty),
            Wasm::LocalGet(TABLE),
            Wasm::I32Load8U(byte(table::MARKED)),
            Wasm::I32Const(table::BLACK as i32),
            Wasm::I32And,
            Wasm::BrIf(1),
            Wasm::End,
            Wasm::LocalGet(SLOT),
        ]);
        if one.k() {
            self.ops(&[Wasm::LocalGet(CONSTANTS), Wasm::I64Load(value_of(c))]);
        } else {
            self.push_payload(c);
        }
        self.ops(&[
            Wasm::I64Store(field(value::PAYLOAD)),
            Wasm::LocalGet(if slot == Slot::Whole { SLOT } else { SLOT_TAG }),
            Wasm::LocalGet(T[0]),
            Wasm::I32Store8(byte(if slot == Slot::Whole { value::TAG } else { split_array::TAG })),
        ]);
    }
}
