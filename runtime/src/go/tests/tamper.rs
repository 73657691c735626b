//! Modules that nobody would build.

/// A module's sections: their numbers and contents.
fn sections(wasm: &[u8]) -> Vec<(u8, Vec<u8>)> {
    let mut rest = &wasm[8..];
    let mut sections = Vec::new();
    while let [id, after @ ..] = rest {
        let (size, body) = read_leb(after);
        sections.push((*id, body[..size].to_vec()));
        rest = &body[size..];
    }
    sections
}

fn join(sections: &[(u8, Vec<u8>)]) -> Vec<u8> {
    let mut wasm = b"\0asm\x01\0\0\0".to_vec();
    for (id, body) in sections {
        wasm.push(*id);
        wasm.extend(leb(body.len()));
        wasm.extend(body);
    }
    wasm
}

fn read_leb(bytes: &[u8]) -> (usize, &[u8]) {
    let len = bytes.iter().position(|byte| byte & 0x80 == 0).unwrap() + 1;
    let value =
        bytes[..len].iter().rev().fold(0, |value, byte| value << 7 | (byte & 0x7f) as usize);
    (value, &bytes[len..])
}

fn leb(mut value: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    while value >= 0x80 {
        bytes.push(value as u8 | 0x80);
        value >>= 7;
    }
    bytes.push(value as u8);
    bytes
}

/// The same, with so many pages of memory to begin with.
pub fn with_memory(wasm: &[u8], pages: usize) -> Vec<u8> {
    const MEMORY: u8 = 5;
    let mut sections = sections(wasm);
    let memory = sections.iter_mut().find(|(id, _)| *id == MEMORY).unwrap();
    memory.1 = [vec![1, 0], leb(pages)].concat();
    join(&sections)
}

/// The same, with another name of the same length in place of one that is imported or
/// exported.
pub fn renamed(wasm: &[u8], from: &str, to: &str) -> Vec<u8> {
    const IMPORT: u8 = 2;
    const EXPORT: u8 = 7;
    assert_eq!(from.len(), to.len());
    let mut sections = sections(wasm);
    for (_, body) in sections.iter_mut().filter(|(id, _)| [IMPORT, EXPORT].contains(id)) {
        while let Some(at) = body.windows(from.len()).position(|name| name == from.as_bytes()) {
            body[at..at + from.len()].copy_from_slice(to.as_bytes());
        }
    }
    join(&sections)
}

/// The same without its custom sections.
pub fn stripped(wasm: &[u8]) -> Vec<u8> {
    let mut sections = sections(wasm);
    sections.retain(|(id, _)| *id != 0);
    join(&sections)
}
