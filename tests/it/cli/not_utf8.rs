//! What is not UTF-8 on the command line.

use luago_test_support::command::{self, luago, script};
use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;

fn bytes(text: &[u8]) -> &OsStr {
    OsStr::from_bytes(text)
}

for_each_version! {
    fn code_and_arguments_can_be_any_bytes(lua) {
        let file = script("print(#arg[0], (...):byte())");
        let name = file.folder.path().join(bytes(b"caf\xe9.lua"));
        fs::rename(&file.path, &name).unwrap();
        let ran = command::lua(lua)
            .in_folder(file.folder.path())
            .arg("-e")
            .arg(bytes(b"print(('\xe9\xff'):byte(1, -1))"))
            .arg(bytes(b"caf\xe9.lua"))
            .arg(bytes(b"\xfe"))
            .run();
        assert_eq!(ran.out(), "233\t255\n8\t254\n");
    }

    fn the_name_of_a_script_is_shown_with_its_bytes(lua) {
        let file = script("error('x')");
        fs::rename(&file.path, file.folder.path().join(bytes(b"\xe9.lua"))).unwrap();
        let ran = command::lua(lua)
            .in_folder(file.folder.path())
            .exec("debug.traceback = function(text) print(text:byte()) end")
            .arg(bytes(b"\xe9.lua"))
            .run();
        let is_51 = lua == "5.1";
        assert_eq!(ran.code, 1, "{ran:#?}");
        assert_eq!(ran.stdout, if is_51 { "233\n" } else { "" }, "{ran:#?}");
    }

    fn messages_are_written_with_their_bytes(lua) {
        let file = script("local function f() error('\\233\\255') end f()");
        fs::rename(&file.path, file.folder.path().join(bytes(b"\xe9.lua"))).unwrap();
        let said = |code: Option<&[u8]>, name: &[u8]| {
            let mut cli = command::lua(lua).in_folder(file.folder.path());
            if let Some(code) = code {
                cli = cli.arg("-e").arg(bytes(code));
            }
            cli.arg(bytes(name)).into_command().output().unwrap().stderr
        };
        let ran = said(None, b"\xe9.lua");
        assert!(ran.starts_with(b"luago-run: \xe9.lua:1: \xe9\xff\nstack traceback:\n"), "{}", ran.escape_ascii());
        let in_trace = b"\t\xe9.lua:1: in";
        assert!(ran.windows(in_trace.len()).any(|part| part == in_trace), "{}", ran.escape_ascii());
        let ran = said(Some(b"error('caf\xe9', 0)"), b"\xe9.lua");
        assert!(ran.starts_with(b"luago-run: caf\xe9\nstack traceback:\n"), "{}", ran.escape_ascii());
        let ran = said(None, b"no\xe9.lua");
        assert_eq!(ran.escape_ascii().to_string(), "luago-run: cannot open no\\xe9.lua: No such file or directory (os error 2)\\n");
    }

    fn variables_can_be_any_bytes(lua) {
        let ran = command::lua(lua)
            .env("OUTSIDE", bytes(b"\xe9"))
            .args(["--env", "OUTSIDE", "--env"])
            .arg(bytes(b"N\xff=\xfe\xfd"))
            .arg("--env")
            .arg(bytes(b"LUA_PATH=\xe9/?.lua"))
            .exec("print(os.getenv('OUTSIDE'):byte(), os.getenv('N\\255'):byte(1, -1)) print(package.path:byte())")
            .run();
        assert_eq!(ran.out(), "233\t254\t253\n233\n");
    }

    fn a_directory_can_have_any_name(lua) {
        let folder = tempfile::tempdir().unwrap();
        let inside = folder.path().join(bytes(b"caf\xe9"));
        fs::create_dir(&inside).unwrap();
        fs::write(inside.join("x"), "found").unwrap();
        for (grant, path) in [
            (&b"caf\xe9"[..], "caf\\233/x"),
            (b"caf\xe9:\xff:ro", "\\255/x"),
            (b"caf\xe9:plain", "plain/x"),
        ] {
            let ran = command::lua(lua)
                .in_folder(folder.path())
                .arg("--dir")
                .arg(bytes(grant))
                .exec(&format!("print(io.open('{path}'):read('*a'))"))
                .run();
            assert_eq!(ran.out(), "found\n");
        }
    }

    fn lines_of_the_interactive_mode_can_be_any_bytes_where_they_are_not_typed(lua) {
        let ran = command::lua(lua).arg("-i").stdin(b"print(('\xe9\xff'):byte(1, -1))\n".to_vec()).run();
        assert_eq!(ran.code, 0, "{ran:#?}");
        assert!(ran.stdout.contains("233\t255\n"), "{ran:#?}");
    }
}

#[test]
fn what_is_wrong_with_such_an_argument_is_still_said() {
    for (option, value) in [("--dir", &b"caf\xe9"[..]), ("--dir", b":\xe9"), ("--env", b"\xe9")] {
        let ran = luago().arg(option).arg(bytes(value)).exec("").run();
        assert!(ran.failed(2).starts_with(&format!("luago-run: {option} ")), "{ran:#?}");
    }
}
