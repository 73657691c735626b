//! The crate `luago` in one sitting, from values to pools. Each part asserts what it
//! shows.
//!
//!     cargo run --release -p luago --example tour

use luago::{
    Access, BString, Capabilities, Context, Engine, Function, HostError, Limits, LuaVersion,
    Module, OutputBuffer, Sandbox, SandboxPool, Script, Stop, Table, Value, Variadic,
};
use serde::{Deserialize, Serialize};
use std::error::Error;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

type Result<T = ()> = std::result::Result<T, Box<dyn Error>>;
type Part = fn(&Engine) -> Result;

fn main() -> Result {
    // Guests are compiled once for an engine, so a process has one.
    let engine = Engine::new()?;
    let parts: [(&str, Part); 12] = [
        ("a script and its outcome", outcomes),
        ("calls and values", calls),
        ("types of your own", types),
        ("values of any shape", shapes),
        ("functions of the host", host_functions),
        ("modules", modules),
        ("errors", errors),
        ("limits and stops", limits),
        ("handles of functions", handles),
        ("async", asynchronous),
        ("templates and pools", templates),
        ("usage and tracing", usage),
    ];
    for (title, part) in parts {
        println!("{title}");
        part(&engine)?;
    }
    println!("that was all");
    Ok(())
}

/// A whole script is run. How it ended is an outcome; what it printed goes where it was
/// told to, and nothing is granted unless it is granted here.
fn outcomes(engine: &Engine) -> Result {
    let output = OutputBuffer::new();
    let folder = tempfile::tempdir()?;
    std::fs::write(folder.path().join("greeting.txt"), "hello")?;
    let mut sandbox = Sandbox::builder(engine)
        .lua(LuaVersion::Lua54)
        .capabilities(Capabilities::default().dir(folder.path(), "data", Access::ReadOnly))
        .stdout(output.clone())
        .build()?;

    let script = "print(io.open('data/greeting.txt'):read('a'), ...) print(io.open('/etc/passwd'))";
    let outcome = sandbox.run(&Script::new("greet", script).args(["you"]))?;
    assert!(outcome.is_returned());
    let printed = String::from_utf8(output.take())?;
    assert!(printed.starts_with("hello\tyou\nnil\t/etc/passwd: No such file"), "{printed}");

    // What a script does wrong is an outcome too, and the sandbox lives on.
    let outcome = sandbox.run(&Script::new("oops", "local t = nil\nreturn t.x"))?;
    let error = outcome.error().ok_or("it has to fail")?;
    assert!(error.message.starts_with("oops:2: attempt to index a nil value"), "{error}");
    Ok(())
}

/// A script defines functions once; after that they are called with values. A tuple is
/// several arguments or results, `()` none, anything else is one.
fn calls(engine: &Engine) -> Result {
    let mut sandbox = Sandbox::builder(engine).build()?;
    sandbox.run(&Script::new(
        "rules",
        "function add(a, b) return a + b end
         function divide(a, b) return a // b, a % b end
         function count(...) return select('#', ...) end
         shop = { names = { 'oak', 'ash' } }
         function shop.find(name)
           for i, known in ipairs(shop.names) do if known == name then return i end end
         end",
    ))?;
    assert_eq!(sandbox.call::<i64>("add", (1, 2))?, 3);
    assert_eq!(sandbox.call::<f64>("add", (1, 0.5))?, 1.5);
    assert_eq!(sandbox.call::<(i64, i64)>("divide", (17, 5))?, (3, 2));

    // Results that are not there are nil, and those that are not asked for are dropped.
    assert_eq!(sandbox.call::<(i64, Option<i64>)>("add", (1, 2))?, (3, None));
    assert_eq!(sandbox.call::<i64>("divide", (17, 5))?, 3);
    assert_eq!(sandbox.call::<Option<i64>>("shop.find", "elm")?, None);
    assert_eq!(sandbox.call::<Option<i64>>("shop.find", "ash")?, Some(2));

    // A vector is one table. A `Variadic` is any number of values.
    let three: Variadic<i64> = (1..=3).collect();
    assert_eq!(sandbox.call::<i64>("count", vec![1, 2, 3])?, 1);
    assert_eq!(sandbox.call::<i64>("count", three)?, 3);

    // Globals and fields of global tables are there without a call.
    sandbox.set("shop.limits.largest", 40)?;
    assert_eq!(sandbox.get::<i64>("shop.limits.largest")?, 40);
    assert_eq!(sandbox.get::<Vec<String>>("shop.names")?, ["oak", "ash"]);

    // A script can be kept as a function of its own, beside others, and be called often.
    let double = sandbox.load(&Script::new("double", "return 2 * ..."))?;
    assert_eq!(sandbox.call::<i64>(&double, 4)?, 8);
    assert_eq!(sandbox.call::<f64>(&double, 0.25)?, 0.5);
    Ok(())
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Order {
    customer: String,
    items: Vec<Item>,
    voucher: Option<String>,
    #[serde(default)]
    delivery: Delivery,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Item {
    name: String,
    price: f64,
    count: u32,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Delivery {
    #[default]
    Pickup,
    Post {
        country: String,
    },
}

fn order() -> Order {
    let item = |name: &str, price, count| Item { name: name.to_string(), price, count };
    Order {
        customer: "ana".to_string(),
        items: vec![item("oak", 12.5, 2), item("ash", 8.0, 1)],
        voucher: None,
        delivery: Delivery::Post { country: "PT".to_string() },
    }
}

/// Whatever serde can write goes in, and whatever it can read comes out: a struct is a
/// table, `None` is nil, a variant is its name or a table of one field.
fn types(engine: &Engine) -> Result {
    let mut sandbox = Sandbox::builder(engine).build()?;
    sandbox.run(&Script::new(
        "desk",
        "function total(order)
           local sum = 0
           for _, item in ipairs(order.items) do sum = sum + item.price * item.count end
           if order.delivery.post then sum = sum + 5 end
           return sum
         end
         function collect(order)
           order.delivery = 'pickup'
           order.voucher = 'next time'
           return order
         end",
    ))?;
    assert_eq!(sandbox.call::<f64>("total", order())?, 38.0);
    let collected: Order = sandbox.call("collect", order())?;
    let expected =
        Order { voucher: Some("next time".to_string()), delivery: Delivery::Pickup, ..order() };
    assert_eq!(collected, expected);
    Ok(())
}

/// Where the shape is not known, there is `Value`. Strings of Lua are any bytes.
fn shapes(engine: &Engine) -> Result {
    let mut sandbox = Sandbox::builder(engine).build()?;
    let echo = sandbox.load(&Script::new("echo", "return ..."))?;
    let table = Table::from_iter([
        ("name", Value::from("oak")),
        ("rings", 312.into()),
        ("marks", vec![Value::from(true), Value::from(0.5)].into()),
        ("label", Value::String(BString::from(b"caf\xe9"))),
    ]);
    let back: Value = sandbox.call(&echo, &table)?;
    assert_eq!(back, Value::Table(table));
    assert_eq!(back.get("rings").and_then(Value::as_i64), Some(312));
    assert_eq!(back.get("marks").and_then(|marks| marks.get(2)), Some(&Value::Number(0.5)));
    assert_eq!(back.get("label").and_then(Value::as_str), None, "it is not UTF-8");
    assert_eq!(back.get("label").and_then(Value::as_bytes), Some(&b"caf\xe9"[..]));
    Ok(())
}

/// What functions of the host may need, handed over with the sandbox.
struct Stock {
    oak: u32,
}

/// Functions of Rust that Lua calls by name. Arguments are checked before the function
/// sees them. An error of Rust is an error of Lua.
fn host_functions(engine: &Engine) -> Result {
    let mut sandbox = Sandbox::builder(engine)
        .data(Stock { oak: 4 })
        .function("stock.take", |context: &Context, (name, count): (String, u32)| {
            let stock = context.data::<Stock>().ok_or("there is no stock")?;
            match name.as_str() {
                "oak" if count <= stock.oak => Ok(stock.oak - count),
                "oak" => Err(format!("only {} of oak are left", stock.oak)),
                other => Err(format!("'{other}' is not sold here")),
            }
        })
        .build()?;
    let take = sandbox.load(&Script::new("take", "return stock.take(...)"))?;
    assert_eq!(sandbox.call::<u32>(&take, ("oak", 3))?, 1);

    // Lua can catch the error, look at it and print it.
    let careful = sandbox.load(&Script::new(
        "careful",
        "local ok, err = pcall(stock.take, 'elm', 1) return ok, err.message, tostring(err)",
    ))?;
    let (ok, message, text): (bool, String, String) = sandbox.call(&careful, ())?;
    assert!(!ok);
    assert_eq!(message, "'elm' is not sold here");
    assert!(text.ends_with("'elm' is not sold here"), "{text}");

    // An argument of the wrong type is an error in Lua's own words.
    let error = sandbox.call::<()>(&take, ("oak", "three")).err().ok_or("it has to fail")?;
    let error = error.to_string();
    let expected = "bad argument #2 to 'stock.take' (expected integer, got string \"three\")";
    assert!(error.contains(expected), "{error}");
    Ok(())
}

/// Functions and values under one name, for `require`.
fn modules(engine: &Engine) -> Result {
    let shapes = Module::new("shapes")
        .value("unit", "cm")
        .function("area", |_, (width, height): (f64, f64)| Ok::<_, String>(width * height));
    let mut sandbox = Sandbox::builder(engine).module(shapes).build()?;
    let script = Script::new(
        "sheet",
        "local shapes = require 'shapes' return shapes.area(...) .. ' ' .. shapes.unit .. '2'",
    );
    let sheet = sandbox.load(&script)?;
    assert_eq!(sandbox.call::<String>(&sheet, (3, 0.5))?, "1.5 cm2");
    Ok(())
}

/// One error type with predicates. For what the script did, it has Lua's error, its
/// traceback and the error of Rust behind it.
fn errors(engine: &Engine) -> Result {
    let mut sandbox = Sandbox::builder(engine)
        .function("read", |_, path: String| std::fs::read_to_string(path))
        .build()?;
    sandbox.run(&Script::new(
        "rules",
        "function prices() return { items = { { price = 1 }, { price = '12,50' } } } end
         function broken() error({ code = 7 }) end
         function settings() return read('/no/such/file') end",
    ))?;

    let error = sandbox.call::<i64>("price", ()).err().ok_or("it has to fail")?;
    assert!(error.is_missing(), "{error}");

    // A result of another type: the message says where it stands.
    #[derive(Debug, Deserialize)]
    struct Prices {
        #[serde(rename = "items")]
        _items: Vec<Price>,
    }
    #[derive(Debug, Deserialize)]
    struct Price {
        #[serde(rename = "price")]
        _price: f64,
    }
    let error = sandbox.call::<Prices>("prices", ()).err().ok_or("it has to fail")?;
    assert!(error.is_conversion());
    let expected = "result.items[2].price: expected number, got string \"12,50\"";
    assert_eq!(error.to_string(), expected);

    // What Lua raised, as a value.
    let error = sandbox.call::<()>("broken", ()).err().ok_or("it has to fail")?;
    let raised = error.lua_error().ok_or("it has to be Lua's")?;
    assert_eq!(raised.value.get("code").and_then(Value::as_i64), Some(7));
    assert!(raised.traceback.contains("in function 'broken'"), "{}", raised.traceback);

    // What Rust returned to Lua, and Lua did not catch.
    let error = sandbox.call::<()>("settings", ()).err().ok_or("it has to fail")?;
    let raised = error.lua_error().ok_or("it has to be Lua's")?;
    let source = raised.host_error::<std::io::Error>().ok_or("it has to be Rust's")?;
    assert_eq!(source.kind(), std::io::ErrorKind::NotFound);
    Ok(())
}

/// Bounds that no `pcall` gets around. A sandbox that was stopped is dead until it is
/// reset.
fn limits(engine: &Engine) -> Result {
    let limits = Limits::default()
        .memory(16 << 20)
        .deadline(Duration::from_millis(100))
        .value_depth(8)
        .value_bytes(1000);
    let mut sandbox = Sandbox::builder(engine).limits(limits).build()?;
    let rules = Script::new(
        "rules",
        "function spin() while true do pcall(error) end end
         function hoard() local t = {} while true do t[#t + 1] = ('x'):rep(100000) .. #t end end
         function long() return ('x'):rep(1001) end",
    );

    sandbox.run(&rules)?;
    let error = sandbox.call::<()>("spin", ()).err().ok_or("it has to be stopped")?;
    assert_eq!(error.stop(), Some(&Stop::Deadline { limit: Duration::from_millis(100) }));
    assert!(error.to_string().contains("rules:1: in function 'spin'"), "{error}");

    let error = sandbox.call::<()>("spin", ()).err().ok_or("it has to be dead")?;
    assert!(error.is_dead() && sandbox.is_dead());
    sandbox.reset()?;
    sandbox.set_deadline(None);
    sandbox.run(&rules)?;

    // Memory is the one limit that Lua notices: it raises an error, which was not caught
    // here. What it holds is garbage then, and the sandbox goes on.
    let error = sandbox.call::<()>("hoard", ()).err().ok_or("it has to be stopped")?;
    assert_eq!(error.stop(), Some(&Stop::Memory { limit: 16 << 20 }));
    assert!(!sandbox.is_dead());

    // Bounds on what passes between Lua and Rust.
    let error = sandbox.call::<String>("long", ()).err().ok_or("it has to be refused")?;
    let expected = "result: more than 1000 bytes of strings (limit value_bytes)";
    assert_eq!(error.to_string(), expected);

    // Another thread can stop a sandbox.
    let handle = sandbox.interrupt_handle();
    let stopper = std::thread::spawn(move || {
        std::thread::sleep(Duration::from_millis(20));
        handle.interrupt();
    });
    let error = sandbox.call::<()>("spin", ()).err().ok_or("it has to be stopped")?;
    assert_eq!(error.stop(), Some(&Stop::Interrupted));
    stopper.join().map_err(|_| "the other thread has panicked")?;
    Ok(())
}

/// A function of Lua can be held, kept in structs and passed back. So can one of Rust that
/// is made on the spot.
fn handles(engine: &Engine) -> Result {
    #[derive(Deserialize)]
    struct Plugin {
        name: String,
        on_order: Function,
    }
    let mut sandbox = Sandbox::builder(engine).build()?;
    let plugin = Script::new(
        "plugin",
        "local seen = 0
         return { name = 'counter', on_order = function(n) seen = seen + n return seen end }",
    );
    let plugin = sandbox.load(&plugin)?;
    let plugin: Plugin = sandbox.call(&plugin, ())?;
    assert_eq!(plugin.name, "counter");
    assert_eq!(sandbox.call::<i64>(&plugin.on_order, 2)?, 2);
    assert_eq!(sandbox.call::<i64>(&plugin.on_order, 3)?, 5);

    let twice = sandbox.load(&Script::new("twice", "local f = ... return f(1) + f(2)"))?;
    assert_eq!(sandbox.call::<i64>(&twice, &plugin.on_order)?, 6 + 8);
    let base = 10;
    let add = sandbox.create_function(move |_, n: i64| Ok::<_, String>(base + n))?;
    assert_eq!(sandbox.call::<i64>(&twice, add)?, 11 + 12);

    // A handle is good for the sandbox that it came from only.
    let mut other = Sandbox::builder(engine).build()?;
    let error = other.call::<i64>(&plugin.on_order, 1).err().ok_or("it has to be refused")?;
    assert!(error.is_foreign());
    Ok(())
}

/// Functions that take their time, and calls that are futures. Any executor will do; this
/// one is tokio on one thread.
fn asynchronous(engine: &Engine) -> Result {
    tokio::runtime::Builder::new_current_thread().enable_time().build()?.block_on(async {
        waiting(engine).await?;
        tasks(engine).await?;
        dropping(engine).await
    })
}

fn with_nap(engine: &Engine) -> luago::SandboxBuilder {
    Sandbox::builder(engine).async_function("nap", |_: Context, ms: u64| async move {
        tokio::time::sleep(Duration::from_millis(ms)).await;
        Ok::<_, String>(ms)
    })
}

/// To Lua it is a function like any other. The thread is free while it waits, and now and
/// then while Lua computes.
async fn waiting(engine: &Engine) -> Result {
    let mut sandbox = with_nap(engine).build()?;
    sandbox.run(&Script::new(
        "rules",
        "function slow(n) return nap(n) + nap(n) end
         function busy() local n = 0 for i = 1, 2e7 do n = n + i % 7 end return n end",
    ))?;
    let ticks = AtomicU64::new(0);
    let ticking = async {
        loop {
            tokio::time::sleep(Duration::from_millis(2)).await;
            ticks.fetch_add(1, Ordering::Relaxed);
        }
    };
    let work = async {
        let slow: u64 = sandbox.call_async("slow", 20).await?;
        let before = ticks.load(Ordering::Relaxed);
        sandbox.call_async::<i64>("busy", ()).await?;
        Ok::<_, luago::Error>((slow, before, ticks.load(Ordering::Relaxed)))
    };
    let (slow, before, after) = tokio::select! {
        result = work => result?,
        () = ticking => return Err("the other never ends".into()),
    };
    assert_eq!(slow, 40);
    assert!(before > 0, "others ran while it waited");
    assert!(after > before, "others ran while it computed");
    Ok(())
}

/// Tasks wait side by side. A call is over when all that it has spawned are.
async fn tasks(engine: &Engine) -> Result {
    let mut sandbox = with_nap(engine).build()?;
    let both = Script::new(
        "both",
        "local luago = require 'luago'
         local order = {}
         local function task(ms) nap(ms) order[#order + 1] = ms return ms end
         local long, short = luago.spawn(task, 100), luago.spawn(task, 10)
         local sum = long:await() + short:await()
         return sum, order, long:status()",
    );
    let both = sandbox.load(&both)?;
    let (sum, order, status): (u64, Vec<u64>, String) = sandbox.call_async(&both, ()).await?;
    assert_eq!((sum, order, status), (110, vec![10, 100], "done".to_string()));

    // `pcall` around an `await` catches what the task raised.
    let failing = Script::new(
        "failing",
        "local task = require('luago').spawn(function() nap(1) error('no such tree', 0) end)
         return pcall(task.await, task)",
    );
    let failing = sandbox.load(&failing)?;
    let (ok, message): (bool, String) = sandbox.call_async(&failing, ()).await?;
    assert_eq!((ok, message.as_str()), (false, "no such tree"));
    Ok(())
}

/// Giving up on a call ends it, and what it waits for. The sandbox is dead then.
async fn dropping(engine: &Engine) -> Result {
    struct Guard(Arc<AtomicU64>);
    impl Drop for Guard {
        fn drop(&mut self) {
            self.0.fetch_add(1, Ordering::SeqCst);
        }
    }
    let dropped = Arc::new(AtomicU64::new(0));
    let counter = Arc::clone(&dropped);
    let mut sandbox = Sandbox::builder(engine)
        .async_function("never", move |_: Context, ()| {
            let guard = Guard(Arc::clone(&counter));
            async move {
                std::future::pending::<()>().await;
                drop(guard);
                Ok::<_, String>(())
            }
        })
        .build()?;
    let call = sandbox.call_async::<()>("never", ());
    assert!(tokio::time::timeout(Duration::from_millis(20), call).await.is_err());
    assert_eq!(dropped.load(Ordering::SeqCst), 1);
    assert!(sandbox.is_dead());
    sandbox.reset()?;
    assert_eq!(sandbox.get::<Option<i64>>("nothing")?, None);
    Ok(())
}

/// Loaded once, started often. What one copy does, no other sees.
fn templates(engine: &Engine) -> Result {
    let mut sandbox = Sandbox::builder(engine)
        .limits(Limits::default().deadline(Duration::from_secs(1)))
        .build()?;
    let script = "count = 0 function next_number() count = count + 1 return count end";
    sandbox.run(&Script::new("numbers", script))?;
    let next: Function = sandbox.get("next_number")?;
    let template = sandbox.into_template()?;

    // A handle from before is good for every copy.
    let (mut one, mut other) = (template.instantiate()?, template.instantiate()?);
    assert_eq!(one.call::<i64>(&next, ())?, 1);
    assert_eq!(one.call::<i64>(&next, ())?, 2);
    assert_eq!(other.call::<i64>(&next, ())?, 1);

    // A pool bounds how many there are at a time. Each is fresh.
    let pool = SandboxPool::new(template, 2)?;
    std::thread::scope(|scope| {
        let workers: Vec<_> = (0..4)
            .map(|_| {
                let (pool, next) = (pool.clone(), next.clone());
                scope.spawn(move || pool.get()?.call::<i64>(&next, ()))
            })
            .collect();
        for worker in workers {
            let number = worker.join().map_err(|_| "a worker has panicked")??;
            assert_eq!(number, 1);
        }
        Ok::<_, Box<dyn Error>>(())
    })?;
    let (first, second) = (pool.get()?, pool.get()?);
    let error = pool.get_timeout(Duration::from_millis(10)).err().ok_or("it has to be full")?;
    assert!(error.is_busy());
    assert_eq!((pool.in_use(), pool.size()), (2, 2));

    // New rules for those who come from now on; who has a sandbox keeps it.
    let mut sandbox = Sandbox::builder(engine).build()?;
    sandbox.run(&Script::new("numbers", "function next_number() return -1 end"))?;
    pool.replace(sandbox.into_template()?);
    drop(second);
    assert_eq!(pool.get()?.call::<i64>("next_number", ())?, -1);
    drop(first);
    Ok(())
}

/// What a call cost, and where it went.
fn usage(engine: &Engine) -> Result {
    let mut sandbox = Sandbox::builder(engine)
        .limits(Limits::default().fuel(1_000_000_000))
        .function("price", |_, name: String| match name.as_str() {
            "oak" => Ok(12.5),
            _ => Err(NotSold(name)),
        })
        .build()?;
    sandbox.run(&Script::new("rules", "function two() return price('oak') + price('oak') end"))?;
    let spans = Spans::default();
    let entered = Arc::clone(&spans.names);
    let price: f64 = tracing::subscriber::with_default(spans, || sandbox.call("two", ()))?;
    assert_eq!(price, 25.0);

    let last = sandbox.last_usage();
    assert_eq!(last.host_calls, 2);
    assert!(last.fuel.is_some_and(|fuel| fuel > 0));
    assert!(last.wall > Duration::ZERO && last.wall < sandbox.usage().wall);

    // Calls and functions of the host are spans of `tracing`.
    let entered = entered.lock().map_err(|_| "a subscriber has panicked")?;
    assert_eq!(*entered, ["call", "host_function", "host_function"]);

    // An error of Rust that Lua returns as a value is a `HostError` on its way back.
    let caught = sandbox.load(&Script::new("caught", "return select(2, pcall(price, 'elm'))"))?;
    let error: HostError = sandbox.call(&caught, ())?;
    assert_eq!(error.message(), "nobody sells elm");
    Ok(())
}

#[derive(Debug)]
struct NotSold(String);

impl std::fmt::Display for NotSold {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "nobody sells {}", self.0)
    }
}

impl Error for NotSold {}

/// A subscriber that keeps the names of spans. A program would take `tracing-subscriber`.
#[derive(Default)]
struct Spans {
    names: Arc<std::sync::Mutex<Vec<&'static str>>>,
}

impl tracing::Subscriber for Spans {
    fn enabled(&self, metadata: &tracing::Metadata<'_>) -> bool {
        metadata.target().starts_with("luago")
    }

    fn new_span(&self, span: &tracing::span::Attributes<'_>) -> tracing::span::Id {
        if let Ok(mut names) = self.names.lock() {
            names.push(span.metadata().name());
        }
        tracing::span::Id::from_u64(1)
    }

    fn record(&self, _: &tracing::span::Id, _: &tracing::span::Record<'_>) {}
    fn record_follows_from(&self, _: &tracing::span::Id, _: &tracing::span::Id) {}
    fn event(&self, _: &tracing::Event<'_>) {}
    fn enter(&self, _: &tracing::span::Id) {}
    fn exit(&self, _: &tracing::span::Id) {}
}
