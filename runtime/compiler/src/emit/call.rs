//! Calls and returns.

use super::locals::{BASE, DEPTH, FRAME, PROTOTYPE, T, THREAD, at, byte, field};
use super::{Emit, Label};
use crate::bytecode::{Instruction as Lua, Op, Version};
use crate::helpers::{ENTRY_TYPE, Helper};
use crate::registers::Place;
use luago_abi::compiled::limit::MAX_COMPILED_DEPTH;
use luago_abi::compiled::{call_info, closure, proto, tag, thread, value};
use wasm_encoder::{BlockType, Instruction as Wasm};

impl Emit<'_> {
    /// Calls a register; a function that is compiled, too, in place.
    pub(super) fn call(&mut self, pc: usize, one: Lua) {
        let (a, b, c) = (one.a(), one.b(), one.c());
        self.flush_live(pc);
        self.save_pc(pc + 1);
        if b != 0 {
            self.op(Wasm::LocalGet(THREAD));
            self.address(a + b);
            self.op(Wasm::I32Store(field(thread::TOP)));
        }
        let results = c as i32 - 1;
        self.open(Label::Inner, Wasm::Block(BlockType::Empty));
        self.open(Label::Inner, Wasm::Block(BlockType::Empty));
        self.call_compiled(a, b, results);
        self.close();
        self.ops(&[Wasm::LocalGet(THREAD), Wasm::LocalGet(FRAME)]);
        self.address(a);
        self.ops(&[Wasm::I32Const(results), Wasm::LocalGet(DEPTH)]);
        self.call_helper(Helper::Call);
        self.back_from_step();
        self.close();
        self.are_stored(a..self.places.len());
    }

    /// How many results are wanted, and nothing else, as a frame has it.
    fn wanted(&self, results: i32) -> i32 {
        match self.function.version {
            Version::Lua54 => results & 0xffff,
            Version::Lua55 => results + 1,
        }
    }

    pub(super) fn address(&mut self, register: usize) {
        self.ops(&[Wasm::LocalGet(BASE), Wasm::I32Const(at(register) as i32), Wasm::I32Add]);
    }

    /// Calls a function that has no more parameters than there are arguments, and room in the
    /// stack; or goes on after the block. There are `b - 1` arguments, or all up to the top.
    fn call_compiled(&mut self, a: usize, b: usize, results: i32) {
        let (prototype, frame, place, room) = (T[0], T[1], T[2], T[3]);
        self.load_tag_of(a);
        self.ops(&[Wasm::I32Const(tag::LUA_FUNCTION as i32), Wasm::I32Ne, Wasm::BrIf(0)]);
        self.push_address(a);
        self.ops(&[
            Wasm::I32Load(field(closure::PROTO)),
            Wasm::LocalTee(prototype),
            Wasm::I32Load(field(proto::COMPILED)),
            Wasm::LocalTee(place),
            Wasm::I32Eqz,
            Wasm::BrIf(0),
            Wasm::LocalGet(prototype),
            Wasm::I32Load8U(byte(proto::PARAMETERS)),
        ]);
        if b == 0 {
            self.ops(&[Wasm::LocalGet(THREAD), Wasm::I32Load(field(thread::TOP))]);
            self.address(a + 1);
            self.ops(&[Wasm::I32Sub, Wasm::I32Const(4), Wasm::I32ShrU]);
        } else {
            self.op(Wasm::I32Const(b as i32 - 1));
        }
        self.ops(&[
            Wasm::I32GtU,
            Wasm::BrIf(0),
            Wasm::LocalGet(FRAME),
            Wasm::I32Load(field(call_info::NEXT)),
            Wasm::LocalTee(frame),
            Wasm::I32Eqz,
            Wasm::BrIf(0),
            Wasm::LocalGet(DEPTH),
            Wasm::I32Const(MAX_COMPILED_DEPTH as i32),
            Wasm::I32GeU,
            Wasm::BrIf(0),
            // Above the arguments there has to be room for all registers.
            Wasm::LocalGet(prototype),
            Wasm::I32Load8U(byte(proto::REGISTERS)),
            Wasm::I32Const(4),
            Wasm::I32Shl,
            Wasm::LocalSet(room),
            Wasm::LocalGet(THREAD),
            Wasm::I32Load(field(thread::STACK_LAST)),
        ]);
        if b == 0 {
            self.ops(&[Wasm::LocalGet(THREAD), Wasm::I32Load(field(thread::TOP))]);
        } else {
            self.address(a + b);
        }
        self.ops(&[
            Wasm::I32Sub,
            Wasm::LocalGet(room),
            Wasm::I32LeS,
            Wasm::BrIf(0),
            Wasm::LocalGet(THREAD),
            Wasm::LocalGet(frame),
            Wasm::I32Store(field(thread::FRAME)),
            Wasm::LocalGet(frame),
        ]);
        self.address(a);
        self.op(Wasm::I32Store(field(call_info::FUNCTION)));
        self.op(Wasm::LocalGet(frame));
        self.address(a + 1);
        self.ops(&[
            Wasm::LocalGet(room),
            Wasm::I32Add,
            Wasm::I32Store(field(call_info::TOP)),
            Wasm::LocalGet(frame),
            Wasm::I32Const(self.wanted(results)),
            Wasm::I32Store(field(call_info::RESULTS)),
            Wasm::LocalGet(THREAD),
            Wasm::LocalGet(frame),
            Wasm::LocalGet(DEPTH),
            Wasm::I32Const(1),
            Wasm::I32Add,
        ]);
        self.address(a + 1);
        let indirect =
            [Wasm::LocalGet(place), Wasm::CallIndirect { type_index: ENTRY_TYPE, table_index: 0 }];
        if self.is_whole {
            self.ops(&[Wasm::LocalGet(prototype), Wasm::LocalGet(PROTOTYPE), Wasm::I32Eq]);
            self.op(Wasm::If(BlockType::FunctionType(ENTRY_TYPE)));
            self.call_itself();
            self.op(Wasm::Else);
            self.ops(&indirect);
            self.op(Wasm::End);
        } else {
            self.ops(&indirect);
        }
        // It has returned, and the stack is where it was?
        self.ops(&[
            Wasm::LocalTee(T[0]),
            Wasm::LocalGet(FRAME),
            Wasm::I32Load(field(call_info::TRAP)),
            Wasm::I32Or,
            Wasm::I32Eqz,
        ]);
        self.branch_if(1, true);
        self.ops(&[
            Wasm::LocalGet(THREAD),
            Wasm::LocalGet(FRAME),
            Wasm::LocalGet(T[0]),
            Wasm::LocalGet(DEPTH),
        ]);
        self.call_helper(Helper::Finish);
        self.back_from_step();
        self.op(Wasm::Br(1));
    }

    /// The last instruction of a function.
    pub(super) fn leave(&mut self, pc: usize, op: Op, one: Lua) {
        let (a, b) = (one.a(), one.b());
        match op {
            Op::Return1 => self.return_one(pc, a),
            Op::Return0 => self.return_none(pc, a),
            Op::Return if !one.k() && one.c() == 0 => {
                self.end_with(pc, a, Helper::Return, |emit| match b {
                    0 => {
                        emit.ops(&[Wasm::LocalGet(THREAD), Wasm::I32Load(field(thread::TOP))]);
                        emit.address(a);
                        emit.ops(&[Wasm::I32Sub, Wasm::I32Const(4), Wasm::I32ShrU]);
                    }
                    b => emit.op(Wasm::I32Const(b as i32 - 1)),
                });
                self.jump(Label::Returned);
            }
            Op::Return => {
                self.end_with(pc, a, Helper::Close, |emit| {
                    emit.op(Wasm::I32Const(b as i32 - 1));
                    emit.op(Wasm::I32Const(one.c() as i32));
                    emit.op(Wasm::LocalGet(DEPTH));
                });
                self.jump(Label::Returned);
            }
            _ => {
                self.end_with(pc, a, Helper::Tail, |emit| {
                    emit.op(Wasm::I32Const(b as i32));
                    emit.op(Wasm::I32Const(one.c() as i32));
                    emit.op(Wasm::LocalGet(DEPTH));
                });
                self.op(Wasm::Return);
            }
        }
    }

    /// A function of the interpreter ends this one, with what is in registers from one on.
    fn end_with(&mut self, pc: usize, from: usize, helper: Helper, rest: impl FnOnce(&mut Self)) {
        self.flush_live(pc);
        self.save_pc(pc + 1);
        self.ops(&[Wasm::LocalGet(THREAD), Wasm::LocalGet(FRAME)]);
        self.address(from);
        rest(self);
        self.call_helper(helper);
    }

    /// Whether the caller wants this many values: then the frame is left in place. There is no
    /// hook: code ends where one was set.
    fn is_simple_return(&mut self, values: i32) {
        let results = byte(call_info::RESULTS);
        self.op(Wasm::LocalGet(FRAME));
        self.op(match self.function.version {
            Version::Lua54 => Wasm::I32Load16U(results),
            Version::Lua55 => Wasm::I32Load8U(results),
        });
        self.ops(&[Wasm::I32Const(self.wanted(values)), Wasm::I32Eq]);
        self.hint(true);
        self.open(Label::Inner, Wasm::If(BlockType::Empty));
        self.ops(&[
            Wasm::LocalGet(THREAD),
            Wasm::LocalGet(FRAME),
            Wasm::I32Load(field(call_info::PREVIOUS)),
            Wasm::I32Store(field(thread::FRAME)),
        ]);
    }

    fn return_one(&mut self, pc: usize, a: usize) {
        self.is_simple_return(1);
        self.ops(&[
            Wasm::LocalGet(BASE),
            Wasm::I32Const(value::SIZE as i32),
            Wasm::I32Sub,
            Wasm::LocalSet(T[0]),
        ]);
        match self.places[a] {
            Place::Integer { .. } | Place::Float { .. } => {
                self.store_number(T[0], (T[0], value::TAG), a)
            }
            _ => self.store_value(T[0], 0, a),
        }
        self.ops(&[
            Wasm::LocalGet(THREAD),
            Wasm::LocalGet(BASE),
            Wasm::I32Store(field(thread::TOP)),
        ]);
        self.jump(Label::Returned);
        self.close();
        self.flush(a);
        self.save_pc(pc + 1);
        self.ops(&[Wasm::LocalGet(THREAD), Wasm::LocalGet(FRAME)]);
        self.address(a);
        self.op(Wasm::I32Const(1));
        self.call_helper(Helper::Return);
        self.jump(Label::Returned);
    }

    fn return_none(&mut self, pc: usize, a: usize) {
        self.is_simple_return(0);
        self.ops(&[
            Wasm::LocalGet(THREAD),
            Wasm::LocalGet(BASE),
            Wasm::I32Const(value::SIZE as i32),
            Wasm::I32Sub,
            Wasm::I32Store(field(thread::TOP)),
        ]);
        self.jump(Label::Returned);
        self.close();
        self.save_pc(pc + 1);
        self.ops(&[Wasm::LocalGet(THREAD), Wasm::LocalGet(FRAME)]);
        self.address(a);
        self.op(Wasm::I32Const(0));
        self.call_helper(Helper::Return);
        self.jump(Label::Returned);
    }
}
