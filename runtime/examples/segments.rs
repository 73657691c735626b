//! Memory that the host and a script share: bytes, numbers, structs and messages. Each part
//! asserts what it shows.
//!
//!     cargo run --release -p luago --example segments

use luago::{Engine, Limits, Plain, RingSender, Sandbox, Script, Segment, View};
use std::error::Error;
use std::thread;

type Result<T = ()> = std::result::Result<T, Box<dyn Error>>;
type Part = fn(&mut Sandbox) -> Result;

fn main() -> Result {
    let engine = Engine::new()?;
    let parts: [(&str, Part); 6] = [
        ("bytes", bytes),
        ("numbers", numbers),
        ("structs", structs),
        ("messages", messages),
        ("access", access),
        ("limits", limits),
    ];
    for (title, part) in parts {
        println!("{title}");
        let limits = Limits::default().segments(16 << 20);
        part(&mut Sandbox::builder(&engine).limits(limits).build()?)?;
    }
    println!("that was all");
    Ok(())
}

/// A segment is passed as any value is, and both sides see the same bytes.
fn bytes(sandbox: &mut Sandbox) -> Result {
    let script = "
        local seg = ...
        seg:write(1, 'from Lua')            -- positions count from 1
        return seg:sub(6, 8)                -- a part of the same memory
    ";
    let script = sandbox.load(&Script::new("bytes", script))?;
    let segment = Segment::new(4096)?;
    let part: Segment = sandbox.call(&script, &segment)?;
    assert_eq!(segment.to_vec()?[..8], *b"from Lua");
    assert_eq!(part.to_vec()?, *b"Lua");

    segment.write_at(5, b"all")?; // offsets count from 0
    assert_eq!(part.to_vec()?, *b"all");
    assert!(part.is_same_memory(&segment));
    Ok(())
}

/// A view has values of one type. In Lua it is a typed array, with loops in C.
fn numbers(sandbox: &mut Sandbox) -> Result {
    let script = "
        local prices, factor = ...
        for i, price in prices:iter() do prices[i] = price * factor end
        local most, at = prices:max()
        return prices:sum(), most, at
    ";
    let script = sandbox.load(&Script::new("numbers", script))?;
    let prices: View<f64> = Segment::new(4096)?.array(0, 4)?;
    prices.set_all(0, &[1.0, 8.0, 2.0, 4.0])?;
    let (sum, most, at): (f64, f64, usize) = sandbox.call(&script, (&prices, 0.5))?;
    assert_eq!((sum, most, at), (7.5, 4.0, 2));
    assert_eq!(prices.to_vec(), [0.5, 4.0, 1.0, 2.0]);
    Ok(())
}

luago::layout! {
    #[derive(Debug, Clone, Copy, PartialEq)]
    struct Reading {
        sensor: u32,
        is_valid: bool,
        value: f64,
    }
}

/// A struct is declared on both sides. If the declarations differ, that is an error.
fn structs(sandbox: &mut Sandbox) -> Result {
    let script = "
        local luago = require 'luago'
        local Reading = luago.struct { { 'sensor', 'u32' }, { 'is_valid', 'bool' }, { 'value', 'f64' } }
        for i, reading in Reading:of(...):iter() do
            if not reading.is_valid then reading.value = -1 end
        end
    ";
    let script = sandbox.load(&Script::new("structs", script))?;
    let readings: View<Reading> = Segment::new(3 * Reading::SIZE)?.array(0, 3)?;
    for (at, is_valid) in [true, false, true].into_iter().enumerate() {
        readings.set(at, &Reading { sensor: at as u32, is_valid, value: 20.0 })?;
    }
    sandbox.call::<()>(&script, &readings)?;
    let values: Vec<f64> = readings.iter().map(|reading| reading.value).collect();
    assert_eq!(values, [20.0, -1.0, 20.0]);

    let script = "
        local luago = require 'luago'
        luago.struct({ { 'sensor', 'u32' }, { 'value', 'f64' } }):of(...)
    ";
    let script = sandbox.load(&Script::new("another", script))?;
    let error = sandbox.call::<()>(&script, &readings).expect_err("the layouts differ").to_string();
    assert!(error.contains("the layouts differ"), "{error}");
    Ok(())
}

/// A ring carries messages between two threads, or two guests. Who cannot go on waits.
fn messages(sandbox: &mut Sandbox) -> Result {
    let script = "
        local sender, count = ...
        for i = 1, count do sender:send('message ' .. i) end
        sender:close()
    ";
    let script = sandbox.load(&Script::new("messages", script))?;
    let (sender, mut receiver): (RingSender, _) = luago::ring(1024)?;
    let reader = thread::spawn(move || {
        let mut lengths = 0;
        while let Some(message) = receiver.recv()? {
            lengths += message.len();
        }
        Ok::<usize, luago::Error>(lengths)
    });
    sandbox.call::<()>(&script, (&sender, 1000))?;
    let lengths = reader.join().map_err(|_| "the reader has panicked")??;
    assert_eq!(lengths, 8 * 1000 + 9 + 2 * 90 + 3 * 900 + 4);
    Ok(())
}

/// What a guest may only read, it cannot write; the host still can.
fn access(sandbox: &mut Sandbox) -> Result {
    let script = sandbox.load(&Script::new("access", "local seg = ... seg:u8(1, 7)"))?;
    let segment = Segment::new(4096)?;
    let error = sandbox.call::<()>(&script, segment.read_only()).expect_err("it writes");
    let error = error.lua_error().ok_or("it has to be Lua's")?;
    assert!(error.message.ends_with("the segment is read-only"), "{error}");
    sandbox.call::<()>(&script, &segment)?;
    assert_eq!(segment.to_vec()?[0], 7);
    assert!(segment.read_only().write_at(0, b"x").is_err_and(|error| error.is_read_only()));
    Ok(())
}

/// Guests have a limit for segments, beside that of memory.
fn limits(sandbox: &mut Sandbox) -> Result {
    let script = "
        local luago = require 'luago'
        local seg <close> = luago.segment(16 * 1024 * 1024)
        return pcall(luago.segment, 1)
    ";
    let script = sandbox.load(&Script::new("limits", script))?;
    let (is_made, why): (bool, String) = sandbox.call(&script, ())?;
    assert!(!is_made && why.contains("limit segments"), "{why}");
    Ok(())
}
