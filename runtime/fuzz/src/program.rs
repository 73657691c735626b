//! Programs for a machine: what the fuzzer changes, and what it starts from.
//!
//! A program is operations, one after the other: a byte for which one, then its arguments.
//! Each entry of the guest goes on where the last one stopped, until an operation leaves it.
//! An argument is a byte, and says much with little:
//!
//! | byte | value |
//! |---|---|
//! | 00 to 7f | itself |
//! | 80 to bf | a multiple of 1024: where things are in the first page of memory |
//! | c0 to df | one of 32 values that were seen: arguments of the entry, results of imports |
//! | e0 to ef | a power of 16 |
//! | f0 to f3 | −1 to −4 |
//! | f4 to ff | the 2, 4 or 8 bytes that follow |

use crate::imports::Import;

/// Where things are in the memory of a guest.
pub mod place {
    /// The 32 values that were seen.
    pub const SEEN: u32 = 0x300;
    /// Names, each at a multiple of 16.
    pub const NAMES: u32 = 0x400;
    /// Tasks that were started.
    pub const TASKS: u32 = 0x600;
    /// How a call of an interpreter ended.
    pub const REPORT: u32 = 0x1000;
    /// The mailbox of an interpreter.
    pub const MAILBOX: u32 = 0x2000;
    /// The control block of a Go guest, and the list of its functions.
    pub const BLOCK: u32 = 0x8000;
    pub const FUNCTIONS: u32 = 0x8400;
    /// Frames for a Go guest, and from it.
    pub const INBOX: u32 = 0xa000;
    pub const OUTBOX: u32 = 0xc000;
    pub const EVENTS: u32 = 0xd000;
    /// What is put there is never run over by the guest itself.
    pub const SCRATCH: u32 = 0xe000;
    /// Room for a large frame.
    pub const ROOM: u32 = 0x2_0000;
    /// The program, in pages of its own.
    pub const PROGRAM: u32 = 0x4_0000;
    /// The environment, before the program is made of it.
    pub const ENVIRONMENT: u32 = 0x5_0000;
    /// What an interpreter is given.
    pub const INPUT: u32 = 0x6_0000;
}

/// Names that programs can use: files and folders, functions of the host, variables.
pub const NAMES: [&str; 16] = [
    "a", "b", ".", "..", "a/b", "d", "d/e", "../x", "/", "link", "echo", "fail", "later", "g", "f",
    "x.lua",
];

/// Operations besides the imports. The names are those of functions of the machine; after
/// them, how many arguments they have.
pub const OPERATIONS: [(&str, usize); 17] = [
    ("leave", 1),
    ("event", 8),
    ("slot", 4),
    ("frame", 4),
    ("outbox", 2),
    ("block", 2),
    ("store8", 2),
    ("store32", 2),
    ("store64", 2),
    ("text", 2),
    ("copy", 3),
    ("fill", 3),
    ("load", 1),
    ("grow", 1),
    ("times", 1),
    ("jump", 1),
    ("end", 1),
];

/// Bytes as two letters each, which a variable of the environment can have.
pub fn letters(bytes: &[u8]) -> String {
    let letter = |half: u8| char::from(b'a' + half);
    bytes.iter().flat_map(|byte| [letter(byte >> 4), letter(byte & 15)]).collect()
}

/// An argument of an operation, in bytes.
pub type Argument = Vec<u8>;

/// A number as an argument.
pub fn number(value: u64) -> Argument {
    let is_place = value.is_multiple_of(1024) && value < 64 << 10;
    match value {
        0..0x80 => vec![value as u8],
        _ if is_place => vec![0x80 + (value >> 10) as u8],
        _ if value <= u64::from(u16::MAX) => [&[0xf4], &value.to_le_bytes()[..2]].concat(),
        _ if value <= u64::from(u32::MAX) => [&[0xf8], &value.to_le_bytes()[..4]].concat(),
        _ => [&[0xfc], &value.to_le_bytes()[..]].concat(),
    }
}

/// One of the values that were seen, as an argument.
pub fn seen(index: u8) -> Argument {
    vec![0xc0 + (index & 31)]
}

/// A program that is being written.
pub struct Program<'a> {
    imports: &'a [Import],
    pub bytes: Vec<u8>,
}

impl<'a> Program<'a> {
    /// One for a guest with these imports.
    pub fn new(imports: &'a [Import], first: &[u8]) -> Program<'a> {
        Program { imports, bytes: first.to_vec() }
    }

    /// Adds an operation.
    pub fn add(mut self, name: &str, arguments: &[Argument]) -> Program<'a> {
        let own = OPERATIONS.iter().position(|(own, _)| *own == name);
        let import = self.imports.iter().position(|import| import.name == name);
        let index = own.or(import.map(|index| OPERATIONS.len() + index));
        self.bytes.push(index.unwrap_or_else(|| panic!("there is no operation {name}")) as u8);
        self.bytes.extend(arguments.concat());
        self
    }

    /// The same for arguments that are numbers.
    pub fn add_numbers(self, name: &str, arguments: &[u64]) -> Program<'a> {
        let arguments: Vec<Argument> = arguments.iter().map(|value| number(*value)).collect();
        self.add(name, &arguments)
    }
}
