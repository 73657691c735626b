//! Where the values of a function's registers are, at one place of its code.

use crate::bytecode::Function;
use crate::effect::effect;
use crate::flow::{self, Block, End};

/// Where the value of a register is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// In the stack.
    Stack,
    /// In the stack, and it is none that is collected.
    Number,
    /// In a local variable, an integer; whether the stack does not have it.
    Integer { is_dirty: bool },
    /// In a local variable, a float.
    Float { is_dirty: bool },
}

impl Place {
    fn same_kind(self, other: Place) -> bool {
        std::mem::discriminant(&self) == std::mem::discriminant(&other)
    }

    /// What is true of both.
    fn meet(self, other: Place) -> Place {
        match (self, other) {
            (Place::Stack, _) | (_, Place::Stack) => Place::Stack,
            (Place::Integer { .. }, Place::Integer { .. }) => Place::Integer { is_dirty: true },
            (Place::Float { .. }, Place::Float { .. }) => Place::Float { is_dirty: true },
            _ => Place::Number,
        }
    }
}

/// Where all of them are.
pub(crate) type Places = Vec<Place>;

/// Where registers are at the beginning of a block, from what leads there. Whether that has
/// changed anything.
pub(crate) fn join(
    entry: &mut Option<Places>,
    from: &Places,
    is_back: bool,
    is_head: bool,
    is_live: impl Fn(usize) -> bool,
) -> bool {
    let Some(entry) = entry else {
        // A register that is not needed any more and that a loop has numbers in: the stack gets
        // something that is not collected before the loop, and no number in it has to be stored.
        let first = from.iter().enumerate().map(|(register, &place)| match place {
            Place::Stack if is_head && !is_live(register) => Place::Number,
            Place::Stack => Place::Stack,
            _ if !is_live(register) => Place::Number,
            place => place.meet(place),
        });
        *entry = Some(first.collect());
        return true;
    };
    let mut changes = false;
    for (register, (entry, &from)) in entry.iter_mut().zip(from).enumerate() {
        let met = match (*entry, from) {
            (Place::Number, Place::Stack) if !is_live(register) && is_head && !is_back => {
                Place::Number
            }
            (entry, from) => entry.meet(from),
        };
        changes |= !met.same_kind(*entry);
        *entry = met;
    }
    changes
}

/// Registers that are needed at the beginning of each block: 256 bits.
pub(crate) type Live = Vec<[u64; 4]>;

pub(crate) fn is_live(live: &[u64; 4], register: usize) -> bool {
    live.get(register / 64).is_none_or(|bits| bits >> (register % 64) & 1 != 0)
}

/// Which registers are needed where blocks begin.
pub(crate) fn live(function: &Function, blocks: &[Block]) -> Live {
    let effects: Vec<_> = blocks.iter().map(|block| block_effects(function, block)).collect();
    // What functions inside of it refer to may be read at any time, and what is in scope be asked
    // for.
    let mut captured = [0; 4];
    (0..usize::from(function.registers))
        .filter(|&register| function.is_captured(register))
        .for_each(|register| set(&mut captured, register));
    let always: Vec<_> = blocks
        .iter()
        .map(|block| {
            let mut always = captured;
            (0..function.in_scope(block.from)).for_each(|register| set(&mut always, register));
            always
        })
        .collect();
    let mut live = vec![[0; 4]; blocks.len()];
    let mut changes = true;
    while changes {
        changes = false;
        for (index, block) in blocks.iter().enumerate().rev() {
            let mut after = [0; 4];
            let targets: &[usize] = match &block.end {
                End::Goto(to) => &[*to],
                End::Branch { jump, next } => &[*jump, *next],
                End::Leave => &[],
            };
            for &target in targets {
                for (after, live) in after.iter_mut().zip(live[target]) {
                    *after |= live;
                }
            }
            let (reads, writes) = &effects[index];
            for part in 0..4 {
                let before = reads[part] | always[index][part] | after[part] & !writes[part];
                changes |= before != live[index][part];
                live[index][part] = before;
            }
        }
    }
    live
}

/// What a block reads before it writes it, and what it writes.
fn block_effects(function: &Function, block: &Block) -> ([u64; 4], [u64; 4]) {
    let (mut reads, mut writes) = ([0; 4], [0; 4]);
    let mut pc = block.from;
    while pc < block.to {
        let effect = effect(function, pc);
        for register in effect.reads.iter().flat_map(|range| range.clone()) {
            if !is_live(&writes, register) {
                set(&mut reads, register);
            }
        }
        for register in effect.writes.clone() {
            set(&mut writes, register);
        }
        pc += flow::length(function, pc);
    }
    (reads, writes)
}

fn set(bits: &mut [u64; 4], register: usize) {
    if let Some(part) = bits.get_mut(register / 64) {
        *part |= 1 << (register % 64);
    }
}
