//! Writes what the fuzzer of bytecode starts from: functions as Lua 5.4 compiles them, by hand.
//! `make fuzz` compiles this on its own.

use std::path::PathBuf;

fn abc(op: u32, a: u32, b: u32, c: u32) -> u32 {
    op | a << 7 | b << 16 | c << 24
}

fn far(op: u32, a: u32, by: u32) -> u32 {
    op | a << 7 | by << 15
}

fn load(a: u32, number: i32) -> u32 {
    1 | a << 7 | ((number + 0xffff) as u32) << 15
}

fn jump(by: i32) -> u32 {
    56 | ((by + 0xff_ffff) as u32) << 7
}

/// One with registers and parameters, three constants, and this code.
fn seed(registers: u8, parameters: u8, code: &[u32]) -> Vec<u8> {
    let mut bytes = vec![registers, parameters, 0, 0, 0, 0, 0, 0, 0, 2, 0, 2, 1, 0, 200, 3];
    for (tag, payload) in [(0x44, 0), (3, 7u64), (0x13, 2.5f64.to_bits())] {
        bytes.push(tag);
        bytes.extend(payload.to_le_bytes());
    }
    code.iter().for_each(|instruction| bytes.extend(instruction.to_le_bytes()));
    bytes
}

fn main() -> std::io::Result<()> {
    let folder = PathBuf::from(std::env::args_os().nth(1).expect("give a folder"));
    std::fs::create_dir_all(&folder)?;
    let returns = abc(72, 0, 2, 0);
    let seeds = [
        // A loop that sums up.
        (
            "sum",
            seed(
                5,
                0,
                &[
                    load(0, 0),
                    load(1, 1),
                    load(2, 100),
                    load(3, 1),
                    far(74, 1, 2),
                    abc(34, 0, 0, 4),
                    abc(46, 0, 4, 6),
                    far(73, 1, 3),
                    returns,
                ],
            ),
        ),
        // Comparisons, jumps and calls.
        (
            "calls",
            seed(
                6,
                2,
                &[
                    abc(62, 0, 129, 0),
                    jump(1),
                    returns,
                    abc(9, 2, 0, 0),
                    abc(21, 3, 0, 126),
                    abc(47, 0, 1, 7),
                    abc(68, 2, 2, 2),
                    abc(34, 2, 2, 1),
                    abc(46, 2, 1, 6),
                    abc(72, 2, 2, 0),
                ],
            ),
        ),
        // Fields, methods, tables, closures, strings and a generic loop.
        (
            "objects",
            seed(
                10,
                1,
                &[
                    abc(19, 1, 1, 0),
                    82,
                    abc(14, 2, 0, 0),
                    abc(18, 1, 0, 2),
                    abc(20, 3, 0, 0) | 1 << 15,
                    abc(68, 3, 2, 2),
                    abc(12, 4, 0, 3),
                    abc(16, 1, 4, 3),
                    far(79, 4, 0),
                    abc(52, 5, 0, 0),
                    abc(53, 4, 2, 0),
                    far(75, 4, 1),
                    abc(34, 1, 8, 9),
                    abc(46, 8, 9, 6),
                    abc(76, 4, 0, 2),
                    far(77, 4, 4),
                    abc(70, 1, 2, 0),
                ],
            ),
        ),
    ];
    for (name, bytes) in seeds {
        std::fs::write(folder.join(name), bytes)?;
    }
    Ok(())
}
