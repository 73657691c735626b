//! A Lua interpreter that was changed so that it forgets which segments it may not write to.

use luago::{Engine, LuaVersion, Sandbox, Script, Segment, Sharing, Stop};
use luago_test_support::folders::compile_cache;
use luago_test_support::sandboxes::{call, limits, refusal, run};
use std::convert::Infallible;
use std::path::Path;
use std::sync::OnceLock;
use wasm_encoder::reencode::{Error, Reencode};
use wasm_encoder::{CodeSection, Instruction, Module};
use wasmparser::{FunctionBody, Imports, Operator, Parser, Payload, TypeRef};

/// Clears the bit that says so, wherever the host tells of it.
struct Forgetful {
    segment_flags: u32,
}

impl Reencode for Forgetful {
    type Error = Infallible;

    fn parse_function_body(
        &mut self,
        code: &mut CodeSection,
        body: FunctionBody<'_>,
    ) -> Result<(), Error> {
        let mut function = self.new_function_with_parsed_locals(&body)?;
        for operator in body.get_operators_reader()? {
            let operator = operator?;
            let is_flags = matches!(
                operator, Operator::Call { function_index } if function_index == self.segment_flags
            );
            function.instruction(&self.instruction(operator)?);
            if is_flags {
                function.instruction(&Instruction::I64Const(!1));
                function.instruction(&Instruction::I64And);
            }
        }
        code.function(&function);
        Ok(())
    }
}

/// The number of a function among all functions, by its name in the module `luago`.
fn imported(wasm: &[u8], name: &str) -> u32 {
    let mut number = 0;
    for payload in Parser::new(0).parse_all(wasm) {
        let Payload::ImportSection(imports) = payload.unwrap() else { continue };
        for import in imports {
            let Imports::Single(_, import) = import.unwrap() else { panic!("a new kind") };
            if let TypeRef::Func(_) = import.ty {
                if (import.module, import.name) == ("luago", name) {
                    return number;
                }
                number += 1;
            }
        }
    }
    panic!("the interpreter imports no {name}")
}

fn tampered(version: LuaVersion) -> Vec<u8> {
    let name =
        format!("lua{}.wasm", version.to_string().replace("Lua", "").replace([' ', '.'], ""));
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("guests/prebuilt").join(name);
    let wasm = std::fs::read(file).unwrap();
    let mut forgetful = Forgetful { segment_flags: imported(&wasm, "segment_flags") };
    let mut module = Module::new();
    forgetful.parse_core_module(&mut module, Parser::new(0), &wasm).unwrap();
    module.finish()
}

fn make_engine(sharing: Sharing, most: u32) -> Engine {
    let engine = Engine::builder().cache_dir(compile_cache()).sharing(sharing);
    let engine = engine.max_sandboxes(most);
    let versions = [LuaVersion::Lua51, LuaVersion::Lua54];
    versions
        .into_iter()
        .fold(engine, |engine, version| engine.interpreter(version, tampered(version)))
        .build()
        .unwrap()
}

fn engine(sharing: Sharing) -> &'static Engine {
    static MAPPED: OnceLock<Engine> = OnceLock::new();
    static COPIED: OnceLock<Engine> = OnceLock::new();
    let engine = if sharing == Sharing::Mapped { &MAPPED } else { &COPIED };
    engine.get_or_init(|| make_engine(sharing, 64))
}

fn sandbox(engine: &Engine, lua: LuaVersion) -> Sandbox {
    let mut sandbox = Sandbox::builder(engine).lua(lua).limits(limits()).build().unwrap();
    run(&mut sandbox, "luago = require 'luago'");
    sandbox
}

/// Writes through a handle to read, each way in a sandbox of its own.
const WRITES: [&str; 7] = [
    "r:u8(1, 9)",
    "r:f64(70000 - 7, 1.5)",
    "r:write(69000, ('x'):rep(1000))",
    "r:fill(1)",
    "r:copy(('y'):rep(70000))",
    "r:array('u32'):fill(7)",
    "pcall(function() r:sub(100):u8(1, 1) end) return pcall(pcall, r.u8, r, 2, 2)",
];

for_each_sharing! {
    fn a_store_of_lua_where_it_may_only_read_stops_it(sharing) {
        for lua in [LuaVersion::Lua51, LuaVersion::Lua54] {
            for write in WRITES {
                let mut sandbox = sandbox(engine(sharing), lua);
                let segment = Segment::new(70_000).unwrap();
                segment.write_at(0, &[5; 70_000]).unwrap();
                let code = format!("local s = ... r = s:read_only() assert(r:u8(1) == 5) {write}");
                let error = call::<()>(&mut sandbox, &code, &segment).unwrap_err();
                assert_eq!(error.stop(), Some(&Stop::ReadOnlySegment), "{write}: {error}");
                assert_eq!(segment.to_vec().unwrap(), [5; 70_000], "{write}");
                assert!(sandbox.is_dead());
                assert!(refusal(call::<()>(&mut sandbox, "", ())).contains("dead")
                    || sandbox.is_dead());
                sandbox.reset().unwrap();
                let sum: i64 = call(
                    &mut sandbox, "local s = ... s:u8(1, 6) return s:array('u8'):sum()", &segment).unwrap();
                assert_eq!(sum, 350_001);
            }
        }
    }

    fn a_whole_script_that_does_so_is_stopped_as_well(sharing) {
        let mut sandbox = sandbox(engine(sharing), LuaVersion::Lua54);
        let code = "local s = luago.segment(10) local r = s:read_only() r:u8(1, 1)";
        let outcome = sandbox.run(&Script::new("writer", code)).unwrap();
        assert_eq!(outcome.stop(), Some(&Stop::ReadOnlySegment), "{outcome:?}");
        let text = outcome.stop().unwrap().to_string();
        assert_eq!(text, "the guest wrote to a segment that it was granted only to read");
    }

    fn other_sandboxes_that_share_the_segment_go_on(sharing) {
        let segment = Segment::new(5000).unwrap();
        let mut good = sandbox(engine(sharing), LuaVersion::Lua54);
        call::<()>(&mut good, "s = ... s:fill(1)", &segment).unwrap();
        for _ in 0..20 {
            let mut bad = sandbox(engine(sharing), LuaVersion::Lua54);
            call::<()>(&mut bad, "(...):read_only():fill(9)", &segment).unwrap_err();
            drop(bad);
            run(&mut good, "s:u8(1, s:u8(1) + 1)");
        }
        assert_eq!(segment.to_vec().unwrap()[..3], [21, 1, 1]);
    }

    fn the_next_tenant_of_the_place_finds_nothing_and_reaches_nothing(sharing) {
        let engine = make_engine(sharing, 1);
        let segment = Segment::new(100_000).unwrap();
        segment.write_at(0, &[0xab; 100_000]).unwrap();
        for write in WRITES {
            let mut bad = sandbox(&engine, LuaVersion::Lua54);
            let code = format!("local s = ... r = s:read_only() {write}");
            call::<()>(&mut bad, &code, &segment).unwrap_err();
            drop(bad);
            let mut next = sandbox(&engine, LuaVersion::Lua54);
            run(&mut next, "
                local s = luago.segment(100000)
                assert(s:string() == ('\\0'):rep(100000))
                s:fill(0xcd)
                kept = {}
                for i = 1, 20 do kept[i] = (string.char(i)):rep(1000000) end");
            drop(next);
            assert_eq!(segment.to_vec().unwrap(), vec![0xab; 100_000], "{write}");
        }
    }
}
