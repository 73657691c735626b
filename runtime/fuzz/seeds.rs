//! Writes what the fuzzer starts from: one frame for each kind of value, and for each
//! type that `luago::fuzz_decode` reads. `make fuzz` compiles this on its own.

use std::path::PathBuf;

/// A frame from a guest, and the memory that its strings are in.
#[derive(Default)]
struct Seed {
    slots: Vec<u8>,
    memory: Vec<u8>,
}

impl Seed {
    fn slot(mut self, tag: u32, aux: u32, payload: u64) -> Seed {
        self.slots.extend(tag.to_le_bytes());
        self.slots.extend(aux.to_le_bytes());
        self.slots.extend(payload.to_le_bytes());
        self
    }

    fn nil(self) -> Seed {
        self.slot(0, 0, 0)
    }

    fn boolean(self, boolean: bool) -> Seed {
        self.slot(1, 0, boolean.into())
    }

    fn integer(self, integer: i64) -> Seed {
        self.slot(2, 0, integer as u64)
    }

    fn number(self, number: f64) -> Seed {
        self.slot(3, 0, number.to_bits())
    }

    fn string(mut self, bytes: &[u8]) -> Seed {
        let at = self.memory.len() as u64;
        self.memory.extend(bytes);
        self.slot(4, bytes.len() as u32, at)
    }

    fn sequence(self, count: u32) -> Seed {
        self.slot(5, count, 0)
    }

    fn table(self, pairs: u32) -> Seed {
        self.slot(6, pairs, 0)
    }

    fn function(self, id: u64) -> Seed {
        self.slot(7, 0, id)
    }

    fn error(self, strings: u32, id: u64) -> Seed {
        self.slot(9, strings, id)
    }

    /// How many slots, how many values, the slots, the memory.
    fn bytes(self, values: u8) -> Vec<u8> {
        let slots = u8::try_from(self.slots.len() / 16).expect("a seed is small");
        [&[slots, values], &self.slots[..], &self.memory[..]].concat()
    }
}

fn main() -> std::io::Result<()> {
    let folder = PathBuf::from(std::env::args_os().nth(1).expect("give a folder"));
    std::fs::create_dir_all(&folder)?;
    let new = Seed::default;
    let seeds = [
        ("nothing", new().bytes(0)),
        ("scalars", new().nil().boolean(true).integer(-1).number(0.5).bytes(4)),
        ("strings", new().string(b"text").string(b"caf\xe9").string(b"").bytes(3)),
        ("function", new().function(3).bytes(1)),
        ("error", new().error(2, 1).string(b"no route").string(b"cable").bytes(1)),
        ("sequence", new().sequence(3).string(b"a").string(b"b").string(b"c").bytes(1)),
        ("nested", new().sequence(1).sequence(1).sequence(1).table(0).bytes(1)),
        ("integer_keys", new().table(2).integer(1).string(b"x").integer(9).string(b"y").bytes(1)),
        ("variant", new().string(b"A").bytes(1)),
        ("variant_of_one", new().table(1).string(b"B").string(b"bytes").bytes(1)),
        (
            "variant_of_two",
            new().table(1).string(b"C").sequence(2).integer(7).boolean(false).bytes(1),
        ),
        (
            "variant_of_fields",
            new().table(1).string(b"D").table(1).string(b"e").sequence(1).string(b"z").bytes(1),
        ),
        (
            "row",
            new()
                .table(6)
                .string(b"a")
                .integer(5)
                .string(b"b")
                .string(b"text")
                .string(b"c")
                .table(1)
                .string(b"a")
                .number(2.0)
                .string(b"d")
                .string(b"A")
                .string(b"e")
                .function(4)
                .string(b"f")
                .sequence(2)
                .integer(255)
                .number(1.5)
                .bytes(1),
        ),
    ];
    seeds.into_iter().try_for_each(|(name, bytes)| std::fs::write(folder.join(name), bytes))
}
