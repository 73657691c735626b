//! Modules that are loaded and compiled.

use crate::measure::{alone, measure};
use crate::wat::{self, Guest, engine, run};
use luago::{Engine, GoGrant, GoMetadata, GoModule, Limits, LuaVersion, Sandbox, Script};
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};
use wasm_encoder::{
    CodeSection, ConstExpr, ExportKind, ExportSection, Function, FunctionSection, GlobalSection,
    GlobalType, Instruction, Module, NameMap, NameSection, TypeSection, ValType,
};

/// A module of one function, with so many exports of it, and its type.
fn exports(count: u32, parameters: usize) -> Vec<u8> {
    let mut module = Module::new();
    let mut types = TypeSection::new();
    types.ty().function(vec![ValType::V128; parameters], []);
    module.section(&types);
    module.section(FunctionSection::new().function(0));
    let mut exports = ExportSection::new();
    for number in 0..count {
        exports.export(&format!("{number:x}"), ExportKind::Func, 0);
    }
    module.section(&exports);
    module.section(CodeSection::new().function(&empty()));
    module.finish()
}

fn empty() -> Function {
    let mut function = Function::new([]);
    function.instruction(&Instruction::End);
    function
}

/// A module of functions with so many bytes of code, and so many local variables.
fn functions(bodies: &[(usize, u32)], names: &[(u32, &str)]) -> Vec<u8> {
    let mut module = Module::new();
    let mut types = TypeSection::new();
    types.ty().function([], []);
    module.section(&types);
    let mut functions = FunctionSection::new();
    let mut code = CodeSection::new();
    for &(size, locals) in bodies {
        functions.function(0);
        let mut function = Function::new([(locals, ValType::I32)]);
        for _ in 0..size {
            function.instruction(&Instruction::Nop);
        }
        function.instruction(&Instruction::End);
        code.function(&function);
    }
    module.section(&functions).section(&code);
    let mut map = NameMap::new();
    names.iter().for_each(|(index, name)| map.append(*index, name));
    let mut section = NameSection::new();
    section.functions(&map);
    module.section(&section);
    module.finish()
}

/// A module of functions without parameters.
fn module_of(bodies: &[Function]) -> Vec<u8> {
    let mut module = Module::new();
    let mut types = TypeSection::new();
    types.ty().function([], []);
    let (mut functions, mut code) = (FunctionSection::new(), CodeSection::new());
    for body in bodies {
        functions.function(0);
        code.function(body);
    }
    module.section(&types).section(&functions).section(&code);
    module.finish()
}

/// A guest whose compiling takes a second or more.
fn slow() -> Guest {
    let mut body = String::new();
    for number in 0..20_000 {
        body.push_str(&format!(
            "(if (local.get $i) (then (local.set $j (i32.add (local.get $j) (i32.const {number})))))"
        ));
    }
    let more =
        format!("(func $slow (param $i i32) (result i32) (local $j i32) {body} (local.get $j))");
    Guest { more, ..Guest::default() }
}

fn refused(wasm: Vec<u8>) -> String {
    let (error, cost) = measure(|| GoModule::new(engine(), wasm).unwrap_err());
    cost.within(0);
    assert!(error.is_guest());
    error.to_string()
}

#[test]
fn exports_are_counted_before_anything_is_made_of_them() {
    alone("modules::exports_are_counted_before_anything_is_made_of_them", || {
        let wasm = exports(300_000, 100);
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("bomb.wasm");
        std::fs::write(&path, &wasm).unwrap();
        let (error, cost) = measure(|| GoMetadata::read(&wasm).unwrap_err());
        cost.within(0);
        assert!(error.to_string().contains("its exports take"), "{error}");
        let ran = luago_run(folder.path()).arg("--inspect").arg(&path).output().unwrap();
        assert_eq!(ran.status.code(), Some(2));

        let why = refused(exports(1001, 100));
        assert!(why.contains("it has 1001 exports, and a module can have 1000"), "{why}");
        let why = refused(exports(1, 101));
        assert!(why.contains("101 parameters or results"), "{why}");
        let why = refused(wasm);
        assert!(why.contains("its exports take"), "{why}");
    });
}

#[test]
fn globals_are_outside_every_limit_and_few() {
    alone("modules::globals_are_outside_every_limit_and_few", || {
        let wasm = |count: u32| {
            let mut globals = GlobalSection::new();
            for _ in 0..count {
                let ty = GlobalType { val_type: ValType::V128, mutable: true, shared: false };
                globals.global(ty, &ConstExpr::v128_const(1));
            }
            let mut module = Module::new();
            module.section(&globals);
            module.finish()
        };
        let why = refused(wasm(900_000));
        assert!(why.contains("it has 900000 globals, and a module can have 1000"), "{why}");
        let why = refused(wasm(1000));
        assert!(why.contains("it exports no luago_abi_1"), "{why}");
        let built = Engine::builder().interpreter(LuaVersion::Lua54, wasm(900_000)).build();
        let error = built.unwrap_err();
        assert!(error.is_invalid() && error.to_string().contains("900000 globals"), "{error}");
    });
}

#[test]
fn a_function_that_is_too_large_is_refused_by_its_name() {
    alone("modules::a_function_that_is_too_large_is_refused_by_its_name", || {
        let large = (4 << 20, 0);
        let why = refused(functions(&[(1, 1), large], &[(1, "main.init")]));
        assert!(
            why.contains("its function 1 ('main.init') has 4194") && why.contains("3145728"),
            "{why}"
        );
        let why = refused(functions(&[large], &[]));
        assert!(why.contains("its function 0 has 4194"), "{why}");
        let why = refused(functions(&[(1, 1001)], &[(0, "f")]));
        assert!(why.contains("its function 0 ('f') has 1001 local variables"), "{why}");
        let why = refused(functions(&[(2 << 20, 500)], &[]));
        assert!(why.contains("would take too long to compile"), "{why}");
        let why = refused(functions(&vec![(0, 0); 131_073], &[]));
        assert!(why.contains("it has 131073 functions, and a module can have 131072"), "{why}");
        let mut function = Function::new([(500, ValType::I32)]);
        for _ in 0..12_000 {
            function.instruction(&Instruction::Loop(wasm_encoder::BlockType::Empty));
            function.instruction(&Instruction::End);
        }
        function.instruction(&Instruction::End);
        let why = refused(module_of(&[function]));
        assert!(why.contains("500 local variables and 12000 loops"), "{why}");
        let mut function = Function::new([(999, ValType::I32)]);
        for _ in 0..1000 {
            function.instruction(&Instruction::Loop(wasm_encoder::BlockType::Empty));
            function.instruction(&Instruction::End);
        }
        function.instruction(&Instruction::End);
        let many: Vec<_> = (0..1000).map(|_| function.clone()).collect();
        let why = refused(module_of(&many));
        assert!(why.contains("that they would take too long to compile"), "{why}");
        // As large as functions of honest programs are.
        let why = refused(functions(&[(2_100_000, 20)], &[]));
        assert!(why.contains("it exports no luago_abi_1"), "{why}");
    });
}

#[test]
fn texts_of_functions_that_share_memory_are_not_all_copied() {
    alone("modules::texts_of_functions_that_share_memory_are_not_all_copied", || {
        let with = |count: u32, len: u32| {
            let initialize = format!(
                "(loop $next
                    (local.set $j (i32.add (i32.const 0x500000) (i32.mul (local.get $i) (i32.const 4))))
                    (i32.store (local.get $j) (i32.add (i32.const 0x61616161) (i32.add
                        (i32.add (i32.and (local.get $i) (i32.const 15))
                            (i32.shl (i32.and (local.get $i) (i32.const 0xf0)) (i32.const 4)))
                        (i32.add (i32.shl (i32.and (local.get $i) (i32.const 0xf00)) (i32.const 8))
                            (i32.shl (i32.and (local.get $i) (i32.const 0xf000)) (i32.const 12))))))
                    (call $slot (i32.add (i32.const 0x100000) (i32.mul (local.get $i) (i32.const 48)))
                        (i32.const 4) (i32.const 4) (i64.extend_i32_u (local.get $j)))
                    (call $slot (i32.add (i32.const 0x100010) (i32.mul (local.get $i) (i32.const 48)))
                        (i32.const 2) (i32.const 0) (i64.const 0))
                    (call $slot (i32.add (i32.const 0x100020) (i32.mul (local.get $i) (i32.const 48)))
                        (i32.const 4) (i32.const {len}) (i64.const 0x700000))
                    (local.set $i (i32.add (local.get $i) (i32.const 1)))
                    (br_if $next (i32.lt_u (local.get $i) (i32.const {count}))))
                (memory.fill (i32.const 0x700000) (i32.const 97) (i32.const 65536))
                (i32.store (i32.const 1056) (i32.const 0x100000))
                (i32.store (i32.const 1064) (i32.const {}))",
                count * 3
            );
            Guest { pages: 256, initialize, ..Guest::default() }.module()
        };
        for (count, len, cause) in [
            (65_535, 65_536, "it has 65535 functions, and a guest can have 10000"),
            (10_000, 65_536, "have more than 1048576 bytes together"),
        ] {
            let guest = with(count, len);
            let mut sandbox = wat::sandbox(32 << 20)
                .go("d", guest, GoGrant::new().memory(16 << 20))
                .build()
                .unwrap();
            let script = Script::new("docs", "return require 'd'");
            let (outcome, cost) = measure(|| sandbox.run(&script).unwrap());
            cost.within((32 + 16) << 20);
            let message = &outcome.error().unwrap().message;
            assert!(message.contains(cause), "{message}");
        }
        let guest = with(10_000, 100);
        let mut sandbox = wat::sandbox(32 << 20).go("d", guest, GoGrant::new()).build().unwrap();
        run(&mut sandbox, "assert(require 'd'.aaaa)");
    });
}

#[test]
fn nothing_is_compiled_within_a_deadline() {
    alone("modules::nothing_is_compiled_within_a_deadline", || {
        let engine = Engine::builder().max_sandboxes(8).build().unwrap();
        let (module, cost) = measure(|| GoModule::new(&engine, slow().wasm()).unwrap());
        println!("compiled at load in {:?}", cost.time);
        let limits = Limits::default().deadline(Duration::from_secs(1));
        let build = |limits: &Limits| {
            let sandbox = Sandbox::builder(&engine).limits(limits.clone());
            sandbox.go("r", module.clone(), GoGrant::new()).build().unwrap()
        };
        // For metered sandboxes it is compiled when the first of them is built.
        for limits in [limits.clone(), limits.fuel(1_000_000_000)] {
            let (mut sandbox, built) = measure(|| build(&limits));
            let (_, ran) = measure(|| run(&mut sandbox, "assert(require 'r'.now() == nil)"));
            println!("built in {:?}, ran in {:?}", built.time, ran.time);
            assert!(ran.time < cost.time / 4, "{:?}", ran.time);
        }
    });
}

#[test]
fn a_metered_module_is_compiled_at_load_if_the_engine_says_so() {
    alone("modules::a_metered_module_is_compiled_at_load_if_the_engine_says_so", || {
        let engine = Engine::builder().metered(true).build().unwrap();
        engine.prepare(LuaVersion::Lua54).unwrap();
        let (module, load) = measure(|| GoModule::new(&engine, slow().wasm()).unwrap());
        let limits = Limits::default().fuel(1_000_000_000);
        let builder = Sandbox::builder(&engine).limits(limits).go("r", module, GoGrant::new());
        let (_, built) = measure(|| builder.build().unwrap());
        assert!(built.time < load.time / 4, "{:?} of {:?}", built.time, load.time);
    });
}

#[test]
fn whoever_needs_another_module_or_version_does_not_wait_for_one_that_compiles() {
    alone(
        "modules::whoever_needs_another_module_or_version_does_not_wait_for_one_that_compiles",
        || {
            let engine = Engine::builder().max_sandboxes(8).build().unwrap();
            let other = GoModule::new(&engine, Guest::default().wasm()).unwrap();
            other.prepare_metered().unwrap();
            let module = GoModule::new(&engine, slow().wasm()).unwrap();
            engine.prepare(LuaVersion::Lua51).unwrap();
            engine.prepare_metered(LuaVersion::Lua51).unwrap();
            std::thread::scope(|scope| {
                let compiling = scope.spawn(|| {
                    let start = Instant::now();
                    module.prepare_metered().unwrap();
                    engine.prepare_metered(LuaVersion::Lua54).unwrap();
                    start.elapsed()
                });
                // It has begun, and goes on for a second or more.
                std::thread::sleep(Duration::from_millis(50));
                let start = Instant::now();
                for limits in [Limits::default(), Limits::default().fuel(1_000_000)] {
                    let builder = Sandbox::builder(&engine).limits(limits.clone());
                    let builder =
                        builder.lua(LuaVersion::Lua51).go("o", other.clone(), GoGrant::new());
                    run(&mut builder.build().unwrap(), "require 'o'");
                }
                // The same module, not metered, is there already.
                let builder = Sandbox::builder(&engine).lua(LuaVersion::Lua51);
                let builder = builder.go("r", module.clone(), GoGrant::new());
                run(&mut builder.build().unwrap(), "require 'r'");
                let waited = start.elapsed();
                let compiled = compiling.join().unwrap();
                assert!(waited < compiled / 2, "{waited:?} of {compiled:?}");
            });
        },
    );
}

/// The command, with an empty cache in a folder.
fn luago_run(home: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_luago-run"));
    command.env_clear().env("HOME", home).env("XDG_CACHE_HOME", home.join("cache"));
    command
}

#[test]
fn the_command_gives_a_script_its_time_and_not_the_compilers() {
    let home = tempfile::tempdir().unwrap();
    let guest = home.path().join("slow.wasm");
    std::fs::write(&guest, slow().wasm()).unwrap();
    let go = format!("r={}", guest.display());
    let trace = home.path().join("trace").display().to_string();
    for (flags, code, expected) in [
        (&["--timeout", "100ms"][..], "print(1)", 0),
        (&["--timeout", "300ms", "--go", &go], "require 'r'", 0),
        (&["--timeout", "100ms"], "while true do end", 124),
        (&["--fuel", "1"], "print(1)", 121),
        (&["--fuel", "1", "--go", &go], "require 'r'", 121),
        (&["--fuel", "1", "--trace", &trace], "print(1)", 121),
    ] {
        std::fs::remove_dir_all(home.path().join("cache")).ok();
        let ran = luago_run(home.path()).args(flags).args(["-e", code]).output().unwrap();
        let said = String::from_utf8_lossy(&ran.stderr);
        assert_eq!(ran.status.code(), Some(expected), "{flags:?} {code}: {said}");
    }
}

#[test]
fn the_command_compiles_a_metered_guest_once() {
    let home = tempfile::tempdir().unwrap();
    let guest = home.path().join("guest.wasm");
    std::fs::write(&guest, Guest::default().wasm()).unwrap();
    let go = format!("r={}", guest.display());
    let args = ["--fuel", "1000000000", "--go", &go, "-e", "require 'r'"];
    let ran = luago_run(home.path()).args(args).output().unwrap();
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    assert_eq!(std::fs::read_dir(home.path().join("cache/luago")).unwrap().count(), 2);
}
