//! Where the instructions of a function go on: blocks, which of them come before which, and loops.

use crate::bytecode::{Function, Op};
use crate::refusal::Refusal;

/// How a block ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum End {
    /// It goes on with another.
    Goto(usize),
    /// The instruction decides between two: where it jumps to, and what follows otherwise.
    Branch { jump: usize, next: usize },
    /// It goes nowhere.
    Leave,
}

impl End {
    fn targets(&self) -> impl Iterator<Item = usize> + use<> {
        let (first, second) = match *self {
            End::Goto(to) => (Some(to), None),
            End::Branch { jump, next } => (Some(jump), Some(next)),
            End::Leave => (None, None),
        };
        first.into_iter().chain(second)
    }
}

/// Instructions that are run one after another.
#[derive(Debug)]
pub(crate) struct Block {
    /// The first of them, and the one after the last.
    pub from: usize,
    pub to: usize,
    /// Blocks by number, in an order in which each comes after those that lead to it, but for
    /// loops.
    pub end: End,
    pub before: Vec<usize>,
    /// Whether one that comes later leads back to it.
    pub is_head: bool,
    /// Those that it comes before on every way: whose code is inside its own.
    pub inside: Vec<usize>,
}

impl Block {
    /// Whether several blocks that come earlier lead to it.
    pub fn is_merge(&self, number: usize) -> bool {
        self.before.iter().filter(|&&before| before < number).count() > 1
    }
}

/// The most blocks: what is made of them lies inside each other.
const MOST_BLOCKS: usize = 1000;

/// The blocks that can be reached from an instruction, the first one first.
pub(crate) fn blocks(function: &Function, entry: usize) -> Result<Vec<Block>, Refusal> {
    let starts = starts(function, entry)?;
    let order = order(function, &starts, entry)?;
    if order.len() > MOST_BLOCKS {
        return Err(Refusal::Size);
    }
    let mut number = vec![usize::MAX; function.code.len()];
    for (index, &from) in order.iter().enumerate() {
        number[from] = index;
    }
    let mut blocks: Vec<Block> = Vec::with_capacity(order.len());
    for &from in &order {
        let (to, end) = end(function, &starts, from)?;
        let end = match end {
            End::Goto(to) => End::Goto(number[to]),
            End::Branch { jump, next } => End::Branch { jump: number[jump], next: number[next] },
            End::Leave => End::Leave,
        };
        let before = Vec::new();
        blocks.push(Block { from, to, end, before, is_head: false, inside: Vec::new() });
    }
    for index in 0..blocks.len() {
        for target in blocks[index].end.clone().targets() {
            blocks[target].before.push(index);
            blocks[target].is_head |= target <= index;
        }
    }
    nest(&mut blocks)?;
    Ok(blocks)
}

/// Where an instruction leads to, if not only to the one after it; it is then the last of a
/// block. What belongs to it is left out: the jump after a test.
fn leads(function: &Function, pc: usize) -> Result<Option<End>, Refusal> {
    let at = |pc: i64| {
        let pc = usize::try_from(pc).map_err(|_| Refusal::Bytecode)?;
        if pc < function.code.len() { Ok(pc) } else { Err(Refusal::Bytecode) }
    };
    let instruction = function.at(pc).ok_or(Refusal::Bytecode)?;
    let here = pc as i64;
    Ok(Some(match instruction.op().ok_or(Refusal::Bytecode)? {
        Op::Jmp => End::Goto(at(here + 1 + i64::from(instruction.jump()))?),
        Op::Eq
        | Op::Lt
        | Op::Le
        | Op::EqK
        | Op::EqI
        | Op::LtI
        | Op::LeI
        | Op::GtI
        | Op::GeI
        | Op::Test
        | Op::TestSet => {
            let jump = function.at(pc + 1).ok_or(Refusal::Bytecode)?;
            if jump.op() != Some(Op::Jmp) {
                return Err(Refusal::Bytecode);
            }
            End::Branch { jump: at(here + 2 + i64::from(jump.jump()))?, next: at(here + 2)? }
        }
        Op::LFalseSkip => End::Goto(at(here + 2)?),
        Op::ForLoop => {
            End::Branch { jump: at(here + 1 - instruction.bx() as i64)?, next: at(here + 1)? }
        }
        Op::ForPrep => {
            End::Branch { jump: at(here + 2 + instruction.bx() as i64)?, next: at(here + 1)? }
        }
        // It is run with the two instructions that it leads to.
        Op::TForPrep => {
            let call = at(here + 1 + instruction.bx() as i64)?;
            generic_loop(function, call, at)?
        }
        Op::TForCall => generic_loop(function, pc, at)?,
        Op::TForLoop | Op::ExtraArg => return Err(Refusal::Bytecode),
        Op::Return | Op::Return0 | Op::Return1 | Op::TailCall => End::Leave,
        _ => return Ok(None),
    }))
}

fn generic_loop(
    function: &Function,
    call: usize,
    at: impl Fn(i64) -> Result<usize, Refusal>,
) -> Result<End, Refusal> {
    let ends = function.at(call).and_then(|one| one.op()) == Some(Op::TForCall);
    let last = function.at(call + 1).ok_or(Refusal::Bytecode)?;
    if !ends || last.op() != Some(Op::TForLoop) {
        return Err(Refusal::Bytecode);
    }
    let after = call as i64 + 2;
    Ok(End::Branch { jump: at(after - last.bx() as i64)?, next: at(after)? })
}

/// How many instructions one is run with that belong to it.
pub(crate) fn length(function: &Function, pc: usize) -> usize {
    let op = |pc: usize| function.at(pc).and_then(|one| one.op());
    let next = op(pc + 1);
    match op(pc) {
        Some(Op::LoadKX) => 2,
        Some(Op::NewTable) => 2,
        Some(Op::SetList) if function.at(pc).is_some_and(|one| one.k()) => 2,
        Some(first) if (Op::AddI..=Op::Shr).contains(&first) => {
            1 + usize::from(next.is_some_and(|op| (Op::MmBin..=Op::MmBinK).contains(&op)))
        }
        _ => 1,
    }
}

/// Which instructions begin a block, of those that can be reached.
fn starts(function: &Function, entry: usize) -> Result<Vec<bool>, Refusal> {
    let mut starts = vec![false; function.code.len()];
    let mut seen = vec![false; function.code.len()];
    let mut left = vec![entry];
    *starts.get_mut(entry).ok_or(Refusal::Bytecode)? = true;
    while let Some(mut pc) = left.pop() {
        while !std::mem::replace(seen.get_mut(pc).ok_or(Refusal::Bytecode)?, true) {
            if let Some(end) = leads(function, pc)? {
                for target in end.targets() {
                    starts[target] = true;
                    left.push(target);
                }
                break;
            }
            pc += length(function, pc);
        }
    }
    Ok(starts)
}

/// The last instruction of a block, the one after it, and where it leads to.
fn end(function: &Function, starts: &[bool], from: usize) -> Result<(usize, End), Refusal> {
    let mut pc = from;
    loop {
        let next = pc + length(function, pc);
        if let Some(end) = leads(function, pc)? {
            return Ok((next, end));
        }
        if *starts.get(next).ok_or(Refusal::Bytecode)? {
            return Ok((next, End::Goto(next)));
        }
        pc = next;
    }
}

/// The beginnings of blocks in reverse postorder.
fn order(function: &Function, starts: &[bool], entry: usize) -> Result<Vec<usize>, Refusal> {
    let mut seen = vec![false; function.code.len()];
    let mut order = Vec::new();
    // What is left to be visited of each block that is open.
    let mut open = vec![(entry, end(function, starts, entry)?.1.targets().collect::<Vec<_>>())];
    seen[entry] = true;
    while let Some((from, targets)) = open.last_mut() {
        match targets.pop() {
            Some(target) if seen[target] => {}
            Some(target) => {
                seen[target] = true;
                open.push((target, end(function, starts, target)?.1.targets().collect()));
            }
            None => {
                order.push(*from);
                open.pop();
            }
        }
    }
    order.reverse();
    Ok(order)
}

/// Puts each block into the nearest that is before it on every way. A loop that can be entered
/// beside its head cannot be written down in WebAssembly.
fn nest(blocks: &mut [Block]) -> Result<(), Refusal> {
    let mut nearest = vec![usize::MAX; blocks.len()];
    nearest[0] = 0;
    let mut changes = true;
    while changes {
        changes = false;
        for index in 1..blocks.len() {
            let mut found = usize::MAX;
            for &before in &blocks[index].before {
                if nearest[before] == usize::MAX {
                    continue;
                }
                found = if found == usize::MAX { before } else { common(&nearest, found, before) };
            }
            changes |= found != nearest[index];
            nearest[index] = found;
        }
    }
    for (index, block) in blocks.iter().enumerate() {
        for &before in &block.before {
            if before >= index && common(&nearest, before, index) != index {
                return Err(Refusal::Irreducible);
            }
        }
    }
    for index in 1..blocks.len() {
        blocks[nearest[index]].inside.push(index);
    }
    Ok(())
}

fn common(nearest: &[usize], mut one: usize, mut other: usize) -> usize {
    while one != other {
        if one > other {
            one = nearest[one];
        } else {
            other = nearest[other];
        }
    }
    one
}
