//! Which registers instructions read and write.

use crate::bytecode::{Constant, Function, Op, Version};
use std::ops::Range;

/// What an instruction does to registers, with what belongs to it.
pub(crate) struct Effect {
    pub reads: [Range<usize>; 3],
    /// What it always writes.
    pub writes: Range<usize>,
    /// The constant that it names.
    constant: Option<usize>,
    needs_short_string: bool,
    needs_number: bool,
}

impl Effect {
    /// Whether the constant is there and what it has to be.
    pub fn has_constants(&self, function: &Function) -> bool {
        let Some(index) = self.constant else { return true };
        function.constants.get(index).is_some_and(|constant| {
            (!self.needs_short_string || constant.is_short_string())
                && (!self.needs_number || !matches!(constant, Constant::Other(_)))
        })
    }
}

/// The effect of an instruction of a function. What Lua does not have, has none.
pub(crate) fn effect(function: &Function, pc: usize) -> Effect {
    let none = 0..0;
    let mut effect = Effect {
        reads: [none.clone(), none.clone(), none.clone()],
        writes: none,
        constant: None,
        needs_short_string: false,
        needs_number: false,
    };
    let Some(one) = function.at(pc) else { return effect };
    let Some(op) = one.op() else { return effect };
    let all = usize::from(function.registers);
    let (a, b, c) = (one.a(), one.b(), one.c());
    let single = |register: usize| register..register + 1;
    // There is at least the one that is named.
    let up = a..all.max(a + 1);
    let is_55 = function.version == Version::Lua55;
    let value = |effect: &mut Effect| match one.is_constant() {
        true => effect.constant = Some(c),
        false => effect.reads[2] = single(c),
    };
    match op {
        Op::Move | Op::Unm | Op::BNot | Op::Not | Op::Len | Op::GetI => {
            effect.reads[0] = single(b);
            effect.writes = single(a);
        }
        Op::LoadK => {
            effect.constant = Some(one.bx());
            effect.writes = single(a);
        }
        Op::LoadKX => {
            effect.constant = function.at(pc + 1).map(|extra| extra.ax() as usize);
            effect.writes = single(a);
        }
        Op::LoadI
        | Op::LoadF
        | Op::LoadFalse
        | Op::LFalseSkip
        | Op::LoadTrue
        | Op::GetUpval
        | Op::NewTable
        | Op::Closure => effect.writes = single(a),
        Op::LoadNil => effect.writes = a..a + b + 1,
        Op::SetUpval | Op::Test | Op::EqI | Op::LtI | Op::LeI | Op::GtI | Op::GeI | Op::Tbc => {
            effect.reads[0] = single(a);
        }
        Op::EqK => {
            effect.reads[0] = single(a);
            effect.constant = Some(b);
        }
        Op::GetTabUp => {
            effect.constant = Some(c);
            effect.needs_short_string = true;
            effect.writes = single(a);
        }
        Op::GetTable => {
            effect.reads = [single(b), single(c), 0..0];
            effect.writes = single(a);
        }
        Op::GetField => {
            effect.reads[0] = single(b);
            effect.constant = Some(c);
            effect.needs_short_string = true;
            effect.writes = single(a);
        }
        // The key is a constant; so is the value, perhaps, which is looked at where it is stored.
        Op::SetTabUp => {
            effect.constant = Some(b);
            effect.needs_short_string = true;
            if !one.k() {
                effect.reads[2] = single(c);
            }
        }
        Op::SetField => {
            effect.reads[0] = single(a);
            effect.constant = Some(b);
            effect.needs_short_string = true;
            if !one.k() {
                effect.reads[2] = single(c);
            }
        }
        Op::SetTable => {
            effect.reads = [single(a), single(b), 0..0];
            value(&mut effect);
        }
        Op::SetI => {
            effect.reads[0] = single(a);
            value(&mut effect);
        }
        Op::SelfOp => {
            effect.reads[0] = single(b);
            value(&mut effect);
            effect.needs_short_string = is_55;
            effect.writes = a..a + 2;
        }
        Op::AddI | Op::ShrI | Op::ShlI => {
            effect.reads[0] = single(b);
            effect.writes = single(a);
        }
        op if (Op::AddK..=Op::BXorK).contains(&op) => {
            effect.reads[0] = single(b);
            effect.constant = Some(c);
            effect.needs_number = true;
            effect.writes = single(a);
        }
        op if (Op::Add..=Op::Shr).contains(&op) => {
            effect.reads = [single(b), single(c), 0..0];
            effect.writes = single(a);
        }
        Op::MmBin => effect.reads = [single(a), single(b), 0..0],
        Op::MmBinI | Op::MmBinK => effect.reads[0] = single(a),
        Op::Concat => {
            effect.reads[0] = a..a + b;
            effect.writes = a..a + b;
        }
        Op::Eq | Op::Lt | Op::Le => effect.reads = [single(a), single(b), 0..0],
        // The first is written only if the instruction jumps.
        Op::TestSet => effect.reads = [single(a), single(b), 0..0],
        Op::Call => {
            effect.reads[0] = if b == 0 { up.clone() } else { a..a + b };
            effect.writes = if c == 0 { up.clone() } else { a..a + c - 1 };
        }
        Op::TailCall => effect.reads[0] = if b == 0 { up.clone() } else { a..a + b },
        // What is closed is read, too.
        Op::Close => effect.reads[0] = a..all.max(a),
        Op::Return if one.k() => effect.reads[0] = 0..all,
        Op::Return => effect.reads[0] = if b == 0 { up.clone() } else { a..a + b - 1 },
        Op::Return1 => effect.reads[0] = single(a),
        Op::ForLoop | Op::ForPrep => effect.reads[0] = a..a + if is_55 { 3 } else { 4 },
        Op::TForPrep | Op::TForCall => effect.reads[0] = a..a + if is_55 { 6 } else { 7 },
        Op::SetList => effect.reads[0] = if b == 0 { up.clone() } else { a..a + b + 1 },
        // The table of the arguments, if there is one.
        Op::VarArg if is_55 && one.k() => {
            effect.reads[0] = single(b);
            effect.writes = if c == 0 { up.clone() } else { a..a + c - 1 };
        }
        Op::GetVarArg => {
            effect.reads[0] = single(c);
            effect.writes = single(a);
        }
        Op::ErrNotNil => effect.reads[0] = single(a),
        // That table, or nil.
        Op::VarArgPrep if is_55 => effect.writes = single(function.parameters.into()),
        Op::VarArg => effect.writes = if c == 0 { up.clone() } else { a..a + c - 1 },
        _ => {}
    }
    effect
}
