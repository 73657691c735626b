//! The instructions of Lua 5.4 and 5.5, and what a function is made of.

use luago_abi::compiled::tag;

/// Whose instructions they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Version {
    /// Lua 5.4.
    #[default]
    Lua54,
    /// Lua 5.5.
    Lua55,
}

impl Version {
    /// That of an interpreter with this number, as `LUA_VERSION_NUM` has it; `None` if functions
    /// of that are not compiled.
    pub fn new(number: u32) -> Option<Version> {
        match number {
            504 => Some(Version::Lua54),
            505 => Some(Version::Lua55),
            _ => None,
        }
    }

    /// That number.
    pub fn number(self) -> u32 {
        match self {
            Version::Lua54 => 504,
            Version::Lua55 => 505,
        }
    }
}

/// An instruction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Instruction {
    word: u32,
    version: Version,
}

macro_rules! operations {
    ($($name:ident),+ $(,)?) => {
        /// What an instruction does, by the name that Lua's sources give it.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        #[repr(u8)]
        #[expect(missing_docs, reason = "these are names of Lua's")]
        pub enum Op { $($name),+ }

        const ALL: &[Op] = &[$(Op::$name),+];
    };
}

operations! {
    Move, LoadI, LoadF, LoadK, LoadKX, LoadFalse, LFalseSkip, LoadTrue, LoadNil, GetUpval, SetUpval,
    GetTabUp, GetTable, GetI, GetField, SetTabUp, SetTable, SetI, SetField, NewTable, SelfOp, AddI,
    AddK, SubK, MulK, ModK, PowK, DivK, IDivK, BAndK, BOrK, BXorK, ShrI, ShlI, Add, Sub, Mul, Mod,
    Pow, Div, IDiv, BAnd, BOr, BXor, Shl, Shr, MmBin, MmBinI, MmBinK, Unm, BNot, Not, Len, Concat,
    Close, Tbc, Jmp, Eq, Lt, Le, EqK, EqI, LtI, LeI, GtI, GeI, Test, TestSet, Call, TailCall,
    Return, Return0, Return1, ForLoop, ForPrep, TForPrep, TForCall, TForLoop, SetList, Closure,
    VarArg, VarArgPrep, ExtraArg, GetVarArg, ErrNotNil,
}

/// What has a number in a version: two have come with 5.5, after `VarArg`, and two were exchanged.
fn of_number(number: u32, version: Version) -> Option<Op> {
    const SHR: u32 = Op::ShrI as u32;
    const SHL: u32 = Op::ShlI as u32;
    const GET_VARARG: u32 = Op::VarArg as u32 + 1;
    const ERR_NOT_NIL: u32 = GET_VARARG + 1;
    let number = match (version, number) {
        (Version::Lua55, GET_VARARG) => return Some(Op::GetVarArg),
        (Version::Lua55, ERR_NOT_NIL) => return Some(Op::ErrNotNil),
        (Version::Lua55, SHR) => SHL,
        (Version::Lua55, SHL) => SHR,
        (Version::Lua55, number) if number > ERR_NOT_NIL => number - 2,
        (_, number) => number,
    };
    ALL.get(number as usize).copied().filter(|&op| op <= Op::ExtraArg)
}

impl Instruction {
    /// What it does; `None` if Lua has no such instruction.
    pub fn op(self) -> Option<Op> {
        of_number(self.word & 0x7f, self.version)
    }

    /// The register that it is about, most often the one that it sets.
    pub fn a(self) -> usize {
        (self.word >> 7 & 0xff) as usize
    }

    /// Whether its third operand has more bits than the second, as in 5.5 those have that say how
    /// many elements a table gets.
    fn is_uneven(self) -> bool {
        self.version == Version::Lua55 && matches!(self.op(), Some(Op::NewTable | Op::SetList))
    }

    /// Its second operand.
    pub fn b(self) -> usize {
        let bits = if self.is_uneven() { 0x3f } else { 0xff };
        (self.word >> 16 & bits) as usize
    }

    /// Its third operand.
    pub fn c(self) -> usize {
        (self.word >> if self.is_uneven() { 22 } else { 24 }) as usize
    }

    /// What is the third operand with more bits, which the instruction after it has.
    pub fn long_c(self, extra: u32) -> u64 {
        u64::from(extra) * if self.is_uneven() { 1024 } else { 256 } + self.c() as u64
    }

    /// Its flag.
    pub fn k(self) -> bool {
        self.word & 1 << 15 != 0
    }

    /// Whether its third operand, if it can be both, is a constant, and not a register.
    pub fn is_constant(self) -> bool {
        self.k() || self.version == Version::Lua55 && self.op() == Some(Op::SelfOp)
    }

    /// Its operand, if it has one alone.
    pub fn ax(self) -> u32 {
        self.word >> 7
    }

    /// The operand that takes the place of both and the flag.
    pub fn bx(self) -> usize {
        (self.word >> 15) as usize
    }

    /// The same, signed.
    pub fn sbx(self) -> i32 {
        (self.word >> 15) as i32 - 0xffff
    }

    /// How far a jump goes.
    pub fn jump(self) -> i32 {
        (self.word >> 7) as i32 - 0xff_ffff
    }

    /// The second operand as a signed number.
    pub fn sb(self) -> i32 {
        self.b() as i32 - 127
    }

    /// The third operand as a signed number.
    pub fn sc(self) -> i32 {
        self.c() as i32 - 127
    }
}

/// A constant, as far as code depends on it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Constant {
    /// An integer.
    Integer(i64),
    /// A float.
    Float(f64),
    /// A value of another kind, by its tag: it is read when the code runs.
    Other(u8),
}

impl Constant {
    /// That of a value in the memory of the interpreter.
    pub fn new(tag: u8, payload: u64) -> Constant {
        match u32::from(tag) {
            tag::INTEGER => Constant::Integer(payload.cast_signed()),
            tag::FLOAT => Constant::Float(f64::from_bits(payload)),
            _ => Constant::Other(tag),
        }
    }

    /// Whether it is a string that is kept once.
    pub(crate) fn is_short_string(self) -> bool {
        matches!(self, Constant::Other(tag) if u32::from(tag) == tag::SHORT_STRING)
    }
}

/// What the value of a register was found to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Seen {
    /// An integer.
    Integer,
    /// A float.
    Float,
    /// Anything else.
    Other,
}

impl Seen {
    /// That of a value with this tag.
    pub fn new(tag: u8) -> Seen {
        match u32::from(tag) {
            tag::INTEGER => Seen::Integer,
            tag::FLOAT => Seen::Float,
            _ => Seen::Other,
        }
    }
}

/// Where a function is entered.
#[derive(Debug, Clone, Default)]
pub struct Entry {
    /// The instruction.
    pub pc: u32,
    /// What registers are then, as far as that is known, from the first on. The code takes them
    /// for that, and gives up at once where they are something else.
    pub seen: Vec<Seen>,
}

impl Entry {
    /// Forgets what was seen of registers that are no local variables there, if it is known which
    /// are: where a loop begins again, nothing that counts is in others, and where the function
    /// begins, there are only parameters.
    pub fn forget_temporaries(&mut self, function: &Function) {
        if self.pc == 0 {
            self.seen.truncate(usize::from(function.parameters));
        } else if !function.locals.is_empty() {
            self.seen.truncate(function.in_scope(self.pc as usize));
        }
        while self.seen.last() == Some(&Seen::Other) {
            self.seen.pop();
        }
    }
}

/// A function of Lua.
#[derive(Debug, Clone, Default)]
pub struct Function {
    /// Whose instructions it has.
    pub version: Version,
    /// Its instructions.
    pub code: Vec<u32>,
    /// Its constants.
    pub constants: Vec<Constant>,
    /// How many registers it has.
    pub registers: u8,
    /// How many of them are parameters.
    pub parameters: u8,
    /// Whether it takes any number of arguments.
    pub is_variadic: bool,
    /// Between which instructions its local variables are seen, in the order of their beginnings:
    /// their values are kept where they are looked for.
    pub locals: Vec<(u32, u32)>,
    /// Whether a function inside of it refers to a register, one bit each.
    pub captured: [u32; 8],
}

impl Function {
    pub(crate) fn at(&self, pc: usize) -> Option<Instruction> {
        self.code.get(pc).map(|&word| Instruction { word, version: self.version })
    }

    /// How many local variables are in scope at an instruction: they have the first registers.
    pub(crate) fn in_scope(&self, pc: usize) -> usize {
        let here = |&&(from, to): &&(u32, u32)| (from as usize..to as usize).contains(&pc);
        self.locals.iter().filter(here).count()
    }

    pub(crate) fn is_captured(&self, register: usize) -> bool {
        self.captured.get(register / 32).is_none_or(|bits| bits >> (register % 32) & 1 != 0)
    }
}
