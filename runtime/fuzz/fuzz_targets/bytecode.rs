//! Reads any bytes as a function of Lua and compiles it. Bytecode is made by hostile scripts, so
//! this may give a module, which has to be valid and of a bounded size, or a refusal, but never a
//! panic.
#![no_main]

use luago_compiler::{Constant, Entry, Function, Seen, Version, compile};
use wasmparser::Validator;

/// What one function may become, with what is around it.
const MOST_BYTES: usize = 2 << 20;

struct Input<'a>(&'a [u8]);

impl Input<'_> {
    fn bytes<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (first, rest) = self.0.split_first_chunk::<N>()?;
        self.0 = rest;
        Some(*first)
    }

    fn byte(&mut self) -> Option<u8> {
        self.bytes::<1>().map(|[byte]| byte)
    }
}

/// Registers, parameters, the version, the entry, what is seen, what is captured, locals,
/// constants; then code.
fn function(input: &mut Input<'_>) -> Option<(Function, Entry)> {
    let [registers, parameters, bits] = input.bytes()?;
    let pc = u32::from(u16::from_le_bytes(input.bytes()?));
    let captured = [u32::from_le_bytes(input.bytes()?); 8];
    let mut function = Function {
        registers,
        parameters,
        is_variadic: bits & 1 != 0,
        version: if bits & 2 != 0 { Version::Lua55 } else { Version::Lua54 },
        captured,
        ..Function::default()
    };
    let mut entry = Entry { pc, seen: Vec::new() };
    for _ in 0..input.byte()? % 16 {
        entry.seen.push(match input.byte()? % 3 {
            0 => Seen::Integer,
            1 => Seen::Float,
            _ => Seen::Other,
        });
    }
    for _ in 0..input.byte()? % 16 {
        let [from, to] = input.bytes()?;
        function.locals.push((from.into(), to.into()));
    }
    for _ in 0..input.byte()? % 16 {
        let tag = input.byte()?;
        function.constants.push(Constant::new(tag, u64::from_le_bytes(input.bytes()?)));
    }
    function.code = input.0.as_chunks().0.iter().map(|&bytes| u32::from_le_bytes(bytes)).collect();
    entry.forget_temporaries(&function);
    Some((function, entry))
}

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    let Some((function, entry)) = function(&mut Input(data)) else { return };
    if let Ok(wasm) = compile(&[(&function, &entry)]) {
        assert!(wasm.len() <= MOST_BYTES, "{} bytes", wasm.len());
        Validator::new().validate_all(&wasm).expect("a valid module");
    }
});
