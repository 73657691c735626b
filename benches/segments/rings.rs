//! Messages of 64 bytes through rings, beside `rtrb`.

use crate::Bench;
use crate::measure::{Measured, in_turns};
use crate::native;
use crate::table::Table;
use luago::{RingReceiver, RingSender, Sandbox, ring};
use std::thread;
use std::time::Instant;

const CODE: &str = "
    local luago, go = require 'luago', require 'go'
    local CAPACITY, BATCH = 65536, 64
    local message = ('x'):rep(64)
    local batch = {}
    for i = 1, BATCH do batch[i] = message end

    function lua_to_go(n)
        local sender, receiver = luago.ring(CAPACITY)
        local task = luago.spawn(go.consume, receiver)
        for i = 1, n do sender:send(message) end
        sender:close()
        return task:await()[1]
    end
    function lua_to_go_batches(n)
        local sender, receiver = luago.ring(CAPACITY)
        local task = luago.spawn(go.consume_batches, receiver, BATCH)
        for i = 1, n / BATCH do sender:send_all(batch) end
        sender:close()
        return task:await()[1]
    end
    function go_to_lua(n)
        local sender, receiver = luago.ring(CAPACITY)
        local task = luago.spawn(go.produce, sender, n)
        local count = 0
        for message in receiver:messages() do count = count + 1 end
        task:await()
        return count
    end
    function go_to_lua_batches(n)
        local sender, receiver = luago.ring(CAPACITY)
        local task = luago.spawn(go.produce_batches, sender, n, BATCH)
        local count = 0
        while true do
            local list = receiver:receive_all(BATCH)
            if #list == 0 then break end
            count = count + #list
        end
        task:await()
        return count
    end
";

pub const LENGTH: usize = 64;
pub const BATCH: usize = 64;
/// Of each ring, in bytes; `rtrb` has room for about as many messages.
const CAPACITY: usize = 1 << 16;

/// Divisible by the size of a batch.
const MESSAGES: u64 = BATCH as u64 * 4096;

/// Nanoseconds for a message.
pub fn each(run: impl FnOnce()) -> f64 {
    let start = Instant::now();
    run();
    start.elapsed().as_nanos() as f64 / MESSAGES as f64
}

fn between_threads(send: fn(&mut RingSender, u64), receive: fn(&mut RingReceiver) -> u64) -> f64 {
    let (mut sender, mut receiver) = ring(CAPACITY).expect("a ring");
    each(|| {
        thread::scope(|scope| {
            scope.spawn(move || send(&mut sender, MESSAGES));
            assert_eq!(receive(&mut receiver), MESSAGES);
        });
    })
}

fn host_to_go(sandbox: &mut Sandbox, send: fn(&mut RingSender, u64), name: &str) -> f64 {
    let (mut sender, receiver) = ring(CAPACITY).expect("a ring");
    let consume = sandbox.guest_function("go", name).expect("a function");
    each(|| {
        thread::scope(|scope| {
            scope.spawn(move || send(&mut sender, MESSAGES));
            let got: Vec<u64> = match name {
                "consume" => sandbox.call(&consume, &receiver),
                _ => sandbox.call(&consume, (&receiver, BATCH)),
            }
            .expect("a count");
            assert_eq!(got.first(), Some(&MESSAGES));
        });
    })
}

fn go_to_host(sandbox: &mut Sandbox, receive: fn(&mut RingReceiver) -> u64, name: &str) -> f64 {
    let (sender, mut receiver) = ring(CAPACITY).expect("a ring");
    let produce = sandbox.guest_function("go", name).expect("a function");
    each(|| {
        thread::scope(|scope| {
            scope.spawn(move || assert_eq!(receive(&mut receiver), MESSAGES));
            match name {
                "produce" => sandbox.call::<()>(&produce, (&sender, MESSAGES)),
                _ => sandbox.call::<()>(&produce, (&sender, MESSAGES, BATCH)),
            }
            .expect("a call");
        });
    })
}

fn in_lua(sandbox: &mut Sandbox, name: &str) -> f64 {
    each(|| assert_eq!(sandbox.call::<u64>(name, MESSAGES).expect("a count"), MESSAGES))
}

pub fn run(bench: &Bench, table: &mut Table) {
    // Go is on a thread of its own.
    let sandbox = || bench.sandbox(CODE, 1);
    let (mut host, mut lua) = (sandbox(), sandbox());
    let (host, lua) = (std::cell::RefCell::new(&mut host), std::cell::RefCell::new(&mut lua));
    let (send, send_all) = (native::send, native::send_all);
    let (receive, receive_all) = (native::receive, native::receive_all);
    type Line<'a> = (&'static str, f64, Measured<'a>);
    let lines: Vec<Line<'_>> = vec![
        ("rtrb, two threads", 0.0, Box::new(|| each(|| native::rtrb(MESSAGES)))),
        ("host -> host", 0.0, Box::new(|| between_threads(send, receive))),
        ("host -> host, in batches", 0.0, Box::new(|| between_threads(send_all, receive_all))),
        ("host -> Go", 0.3, Box::new(|| host_to_go(&mut host.borrow_mut(), send, "consume"))),
        (
            "host -> Go, in batches",
            0.3,
            Box::new(|| host_to_go(&mut host.borrow_mut(), send_all, "consume_batches")),
        ),
        ("Go -> host", 0.3, Box::new(|| go_to_host(&mut host.borrow_mut(), receive, "produce"))),
        (
            "Go -> host, in batches",
            0.3,
            Box::new(|| go_to_host(&mut host.borrow_mut(), receive_all, "produce_batches")),
        ),
        ("Lua -> Go", 0.05, Box::new(|| in_lua(&mut lua.borrow_mut(), "lua_to_go"))),
        (
            "Lua -> Go, in batches",
            0.05,
            Box::new(|| in_lua(&mut lua.borrow_mut(), "lua_to_go_batches")),
        ),
        ("Go -> Lua", 0.05, Box::new(|| in_lua(&mut lua.borrow_mut(), "go_to_lua"))),
        (
            "Go -> Lua, in batches",
            0.05,
            Box::new(|| in_lua(&mut lua.borrow_mut(), "go_to_lua_batches")),
        ),
    ];
    let names: Vec<(&str, f64)> = lines.iter().map(|(name, bound, _)| (*name, *bound)).collect();
    let times = in_turns(7, lines.into_iter().map(|(_, _, measured)| measured).collect());
    println!("\nMessages of {LENGTH} bytes, batches of {BATCH}");
    for ((name, bound), time) in names.iter().zip(&times) {
        let rate = format!("{:.2} million a second", 1e3 / time);
        println!("{name:36} {time:>8.1} ns {rate:>26}");
        if *bound > 0.0 {
            let what = format!("{rate}; rtrb {:.2}", 1e3 / times[0]);
            table.above(&format!("ring, {name}, beside rtrb"), times[0] / time, *bound, what);
        }
    }
}
