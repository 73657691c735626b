//! Machine code on disk.

use crate::wat::Guest;
use luago::{Access, Capabilities, Engine, GoGrant, GoModule, LuaVersion, Sandbox};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// Runs the command as a user whose home is that folder.
fn luago_run(home: &Path, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_luago-run"))
        .env_clear()
        .env("HOME", home)
        .args(args)
        .output()
        .unwrap()
}

/// What a run says that is to end well.
#[track_caller]
fn said(ran: &Output) -> (String, String) {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let said = (text(&ran.stdout), text(&ran.stderr));
    assert!(ran.status.success(), "{}: {said:?}", ran.status);
    said
}

fn modules(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    entries.map(|entry| entry.unwrap().path()).collect()
}

/// The code of a cached module, made to end the process with 77, and what stood behind the code.
fn poisoned(good: &[u8]) -> (Vec<u8>, Vec<u8>) {
    assert!(good.starts_with(b"\x7fELF"));
    // A signature, and eight bytes that say what the file is.
    let (code, after) = good.split_at(good.len() - 40);
    let mut code = code.to_vec();
    let u16_at = |at: usize| usize::from(u16::from_le_bytes([code[at], code[at + 1]]));
    let u64_at = |at: usize| u64::from_le_bytes(code[at..at + 8].try_into().unwrap()) as usize;
    let u32_at = |at: usize| u32::from_le_bytes(code[at..at + 4].try_into().unwrap()) as usize;
    let (sections, size, count, names) = (u64_at(0x28), u16_at(0x3a), u16_at(0x3c), u16_at(0x3e));
    let names = u64_at(sections + names * size + 24);
    let text = (0..count)
        .map(|index| sections + index * size)
        .find(|at| code[names + u32_at(*at)..].starts_with(b".text\0"))
        .map(|at| u64_at(at + 24)..u64_at(at + 24) + u64_at(at + 32))
        .unwrap();
    // exit_group(77), after nothing for as long as there is room.
    let exit = b"\xbf\x4d\0\0\0\xb8\xe7\0\0\0\x0f\x05";
    let text = &mut code[text];
    text.fill(0x90);
    let end = text.len() - exit.len();
    text[end..].copy_from_slice(exit);
    (code, after.to_vec())
}

#[test]
fn what_a_script_has_written_into_the_cache_is_not_run() {
    let home = tempfile::tempdir().unwrap();
    let cache = home.path().join(".cache/luago");
    let hello = ["-e", "print 'hello'"];
    let grant = format!("{}:h:rw", home.path().display());
    for attack in ["overwrite", "rebuild"] {
        assert_eq!(said(&luago_run(home.path(), &hello)).0, "hello\n");
        let [module] = &modules(&cache)[..] else { panic!("one module") };
        let name = module.file_name().unwrap().to_str().unwrap();
        let (code, after) = poisoned(&std::fs::read(module).unwrap());
        let hash = blake3::hash(&code);
        let signed = [&code, &hash.as_bytes()[..], &after[hash.as_bytes().len()..]].concat();
        let kept = [&code[..], &after].concat();
        for forged in [signed, kept] {
            std::fs::write(home.path().join("forged"), forged).unwrap();
            let code = format!(
                "local folder, name = 'h/.cache/luago/', '{name}'
                local file = assert(io.open('h/forged', 'rb'))
                local forged = file:read('a')
                file:close()
                if '{attack}' == 'rebuild' then
                    assert(os.rename('h/.cache/luago', 'h/.cache/old'))
                    assert(require 'lfs'.mkdir('h/.cache/luago'))
                end
                local file = assert(io.open(folder .. name, 'wb'))
                assert(file:write(forged))
                file:close()
                if '{attack}' == 'rebuild' then
                    assert(os.remove('h/.cache/old/' .. name))
                    assert(os.remove('h/.cache/old'))
                end
                print 'written'"
            );
            let ran = luago_run(home.path(), &["--dir", &grant, "-e", &code]);
            let (out, err) = said(&ran);
            assert_eq!(out, "written\n");
            assert!(err.contains("is not used, because the granted folder"), "{err}");
            assert_eq!(err.lines().count(), 1, "{err}");
            let (out, err) = said(&luago_run(home.path(), &hello));
            assert_eq!((out.as_str(), err.as_str()), ("hello\n", ""));
        }
    }
}

#[test]
fn a_cache_that_a_granted_folder_contains_or_lies_in_is_not_used_and_that_is_said() {
    let home = tempfile::tempdir().unwrap();
    let at = |name: &str| home.path().join(name).to_str().unwrap().to_string();
    std::fs::create_dir_all(at(".cache/luago/inner")).unwrap();
    std::fs::create_dir_all(at("elsewhere")).unwrap();
    std::os::unix::fs::symlink(at(".cache"), at("link")).unwrap();
    let guest = at("guest.wasm");
    std::fs::write(&guest, Guest::default().wasm()).unwrap();
    for folder in ["", ".cache", ".cache/luago", ".cache/luago/inner", "link"] {
        let lua = ["--dir", &format!("{}:d:rw", at(folder)), "-e", "print(1)"];
        let go = format!("r={guest},dir={}:/d:rw", at(folder));
        let go = ["--go", &go, "-e", "require 'r' print(1)"];
        for args in [&lua[..], &go] {
            let (out, err) = said(&luago_run(home.path(), args));
            assert_eq!(out, "1\n");
            assert!(err.contains("/.cache/luago is not used") && err.lines().count() == 1, "{err}");
        }
        assert_eq!(modules(Path::new(&at(".cache/luago"))).len(), 1, "{folder}");
    }
    // What can only be read, or is elsewhere, has nothing to do with it.
    for grant in [format!("{}:d:ro", at("")), format!("{}:d:rw", at("elsewhere"))] {
        let (out, err) = said(&luago_run(home.path(), &["--dir", &grant, "-e", "print(1)"]));
        assert_eq!((out.as_str(), err.as_str()), ("1\n", ""));
    }
    assert_eq!(modules(Path::new(&at(".cache/luago"))).len(), 2);
}

#[test]
fn an_engine_stops_using_its_cache_when_a_sandbox_is_granted_a_folder_around_it() {
    let home = tempfile::tempdir().unwrap();
    let cache = home.path().join("cache");
    let engine = Engine::builder().cache_dir(&cache).build().unwrap();
    engine.prepare(LuaVersion::Lua51).unwrap();
    assert_eq!((modules(&cache).len(), engine.cache_problem()), (1, None));
    let dirs = Capabilities::default().dir(home.path(), "h", Access::ReadWrite);
    let builder = Sandbox::builder(&engine).lua(LuaVersion::Lua51);
    let granted = builder.capabilities(dirs).build().unwrap();
    let problem = engine.cache_problem().unwrap();
    assert!(problem.contains(&home.path().display().to_string()), "{problem}");
    drop(granted);
    // It does not matter that the sandbox is gone.
    engine.prepare(LuaVersion::Lua52).unwrap();
    assert_eq!(modules(&cache).len(), 1);

    let engine = Engine::builder().cache_dir(&cache).build().unwrap();
    let module = GoModule::new(&engine, Guest::default().wasm()).unwrap();
    let grant = GoGrant::new().dir(&cache, "/c", Access::ReadWrite);
    Sandbox::builder(&engine).lua(LuaVersion::Lua51).go("r", module, grant).build().unwrap();
    assert!(engine.cache_problem().is_some());
}

#[test]
fn what_is_signed_with_another_key_is_compiled_anew() {
    let home = tempfile::tempdir().unwrap();
    let cache = home.path().join("cache");
    let prepare = |key: Option<[u8; 32]>| {
        let builder = Engine::builder().cache_dir(&cache);
        let builder = match key {
            Some(key) => builder.cache_key(key),
            None => builder,
        };
        builder.build().unwrap().prepare(LuaVersion::Lua51).unwrap();
        let [module] = &modules(&cache)[..] else { panic!("one module") };
        std::fs::read(module).unwrap()
    };
    let first = prepare(Some([1; 32]));
    assert!(prepare(Some([1; 32])) == first);
    let second = prepare(Some([2; 32]));
    assert!(second != first);
    let third = prepare(None);
    assert!(third != second && prepare(None) == third);
}
