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
    /// In two local variables, its payload and its tag.
    Boxed { is_dirty: bool },
}

impl Place {
    fn same_kind(self, other: Place) -> bool {
        std::mem::discriminant(&self) == std::mem::discriminant(&other)
    }

    /// Whether the stack may have something that is collected in its place.
    pub fn is_shadowing(self) -> bool {
        matches!(self, Place::Stack | Place::Boxed { is_dirty: false })
    }

    /// Where it is at the beginning of a block that several lead to.
    fn at_merge(self, is_live: bool) -> Place {
        match self {
            Place::Boxed { is_dirty: true } if !is_live => Place::Number,
            Place::Boxed { .. } => Place::Stack,
            place => place,
        }
    }

    /// What is true of both.
    fn meet(self, other: Place) -> Place {
        match (self, other) {
            (Place::Stack | Place::Boxed { .. }, _) | (_, Place::Stack | Place::Boxed { .. }) => {
                Place::Stack
            }
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
    let from: Places =
        from.iter().enumerate().map(|(r, place)| place.at_merge(is_live(r))).collect();
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
    for (register, (entry, from)) in entry.iter_mut().zip(from).enumerate() {
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

/// The same for a block that only one leads to, and not back.
pub(crate) fn follow(entry: &mut Option<Places>, from: &Places) -> bool {
    let changes = entry.as_ref() != Some(from);
    *entry = Some(from.clone());
    changes
}

/// Registers, one bit each.
pub(crate) type Set = [u64; 4];

pub(crate) fn has(set: &Set, register: usize) -> bool {
    set.get(register / 64).is_none_or(|bits| bits >> (register % 64) & 1 != 0)
}

fn insert(set: &mut Set, register: usize) {
    if let Some(part) = set.get_mut(register / 64) {
        *part |= 1 << (register % 64);
    }
}

fn union(set: &mut Set, other: &Set) {
    set.iter_mut().zip(other).for_each(|(part, other)| *part |= other);
}

/// Which registers are needed, before each instruction that can be reached.
pub(crate) fn live(function: &Function, blocks: &[Block]) -> Vec<Set> {
    let mut live = vec![Set::default(); function.code.len()];
    let mut changes = true;
    while changes {
        changes = false;
        for block in blocks.iter().rev() {
            let mut set = Set::default();
            let targets: &[usize] = match &block.end {
                End::Goto(to) => &[*to],
                End::Branch { jump, next } => &[*jump, *next],
                End::Leave => &[],
            };
            targets.iter().for_each(|&target| union(&mut set, &live[blocks[target].from]));
            for pc in instructions(function, block).into_iter().rev() {
                let effect = effect(function, pc);
                effect.writes.for_each(|register| {
                    if let Some(part) = set.get_mut(register / 64) {
                        *part &= !(1 << (register % 64));
                    }
                });
                effect.reads.into_iter().flatten().for_each(|register| insert(&mut set, register));
                union(&mut set, &always(function, pc));
                changes |= live[pc] != set;
                live[pc] = set;
            }
        }
    }
    live
}

fn instructions(function: &Function, block: &Block) -> Vec<usize> {
    let mut all = Vec::new();
    let mut pc = block.from;
    while pc < block.to {
        all.push(pc);
        pc += flow::length(function, pc);
    }
    all
}

/// What functions inside of it refer to may be read at any time, and what is in scope be asked for
/// or closed. Where that is not known, it may be all.
fn always(function: &Function, pc: usize) -> Set {
    if function.locals.is_empty() {
        return [u64::MAX; 4];
    }
    let mut set = Set::default();
    for (register, bits) in function.captured.iter().enumerate() {
        set[register / 2] |= u64::from(*bits) << (32 * (register % 2));
    }
    (0..function.in_scope(pc)).for_each(|register| insert(&mut set, register));
    set
}
