//! The local variables of compiled code, and offsets from the addresses that they have.

use luago_abi::compiled::value;
use wasm_encoder::MemArg;

/// Parameters and local variables.
pub(super) const THREAD: u32 = 0;
pub(super) const FRAME: u32 = 1;
pub(super) const DEPTH: u32 = 2;
/// The address of the first register.
pub(super) const BASE: u32 = 3;
pub(super) const CONSTANTS: u32 = 4;
pub(super) const CODE: u32 = 5;
pub(super) const CLOSURE: u32 = 6;
pub(super) const PROTOTYPE: u32 = 7;
/// For a moment each.
pub(super) const T: [u32; 4] = [8, 9, 10, 11];
pub(super) const I: [u32; 2] = [12, 13];
pub(super) const F: [u32; 2] = [14, 15];
/// The integers of all registers, or the payloads of what is in them; then the floats, and then
/// the tags.
pub(super) const FIRST: u32 = 16;

/// The local variable of a register's integer.
pub(super) fn integer(register: usize) -> u32 {
    FIRST + register as u32
}

/// The offset of a register, or of a constant.
pub(super) fn at(index: usize) -> usize {
    index * value::SIZE as usize
}

pub(super) fn field(offset: u32) -> MemArg {
    MemArg { offset: u64::from(offset), align: 2, memory_index: 0 }
}

pub(super) fn byte(offset: u32) -> MemArg {
    MemArg { offset: u64::from(offset), align: 0, memory_index: 0 }
}

pub(super) fn value_of(register: usize) -> MemArg {
    field(at(register) as u32 + value::PAYLOAD)
}

pub(super) fn tag_of(register: usize) -> MemArg {
    byte(at(register) as u32 + value::TAG)
}
