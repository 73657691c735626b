//! Standard streams that are regular files, as a shell's redirections make them.

use luago_test_support::command::{lua as luago, luago_run};
use luago_test_support::folders::lasting_folder;
use std::fs::File;
use std::process::{Command, Stdio};

const SCRIPT: &str = "
    local size = io.stdin:seek('end')
    io.stderr:write(size, ' ', io.stdin:seek('set', 3), ' ', io.read(4), ' ', io.stdin:seek(), '\\n')
    io.stderr:write(io.stdin:seek('cur', -2), ' ', io.read(1), '\\n')
    io.stderr:write(tostring(io.stdin:seek('set', -1)), '\\n')
    io.write('one two three')
    io.stderr:write(io.stdout:seek('set', 4), '\\n')
    io.write('2wo')
    io.stdout:seek('end')
    io.write('.')";

for_each_version! {
    fn a_script_can_seek_in_a_stream_that_is_a_file(lua) {
        let folder = lasting_folder(&format!("streams-{lua}"));
        let path = |name: &str| folder.join(name);
        std::fs::write(path("in"), "0123456789").unwrap();
        std::fs::write(path("script.lua"), SCRIPT).unwrap();
        let status = Command::new(luago_run())
            .args(["--lua", lua])
            .arg(path("script.lua"))
            .stdin(File::open(path("in")).unwrap())
            .stdout(File::create(path("out")).unwrap())
            .stderr(File::create(path("err")).unwrap())
            .status()
            .unwrap();
        let read = |name: &str| std::fs::read_to_string(path(name)).unwrap();
        assert_eq!(read("err"), "10 3 3456 7\n5 5\nnil\n4\n");
        assert_eq!(read("out"), "one 2wo three.");
        assert!(status.success());
    }

    fn what_a_script_did_not_read_is_there_for_the_next_program(lua) {
        use std::io::{Read, Seek};
        let folder = lasting_folder(&format!("rest-{lua}"));
        let lines: String = (1..1000).map(|n| format!("{n}\n")).collect();
        std::fs::write(folder.join("in"), lines).unwrap();
        for code in ["print(io.read())", "print(io.read()) error('on purpose')", "print(io.read()) os.exit(0)"] {
            let mut file = File::open(folder.join("in")).unwrap();
            let ran = Command::new(luago_run())
                .args(["--lua", lua, "-e", code])
                .stdin(file.try_clone().unwrap())
                .output()
                .unwrap();
            assert_eq!(ran.stdout, b"1\n", "{ran:?}");
            assert_eq!(file.stream_position().unwrap(), 2, "{code}");
            let mut rest = [0; 4];
            file.read_exact(&mut rest).unwrap();
            assert_eq!(&rest, b"2\n3\n");
        }
    }

    fn a_file_that_is_appended_to_begins_at_its_end(lua) {
        let folder = lasting_folder(&format!("append-{lua}"));
        std::fs::write(folder.join("log"), "12345").unwrap();
        let code = "local f = assert(io.open('log', 'a')) print(f:seek(), f:seek('cur', 2)) f:close()
            f = assert(io.open('log', 'a+')) print(f:seek(), f:read(2)) f:close()
            print(pcall(io.open, 'log', ''))";
        let ran = luago(lua).args(["--dir", ".:.:rw"]).exec(code).in_folder(&folder).run();
        let out = ran.out();
        let lines: Vec<&str> = out.lines().collect();
        assert_eq!(lines[..2], ["5\t7", "0\t12"], "{out}");
        match lua {
            "5.1" => assert_eq!(lines[2], "true\tnil\tlog: Invalid argument\t22"),
            _ => assert!(lines[2].starts_with("false\tbad argument #2 to"), "{out}"),
        }
    }

    fn a_pipe_cannot_be_sought_and_loses_nothing(lua) {
        let ran = luago(lua).exec("print(io.stdin:seek('set', 1)) print(io.read(3))").stdin("abc").run();
        assert!(ran.out().starts_with("nil\tIllegal seek\t"), "{ran:?}");
        assert!(ran.out().ends_with("\nabc\n"), "{ran:?}");
    }

    fn what_one_run_leaves_of_a_file_is_there_for_the_next(lua) {
        let folder = lasting_folder(&format!("streams-{lua}"));
        let path = folder.join("lines");
        std::fs::write(&path, "abcdef").unwrap();
        let file = File::open(&path).unwrap();
        let read = |code: &str| {
            let run = Command::new(luago_run())
                .args(["--lua", lua, "-e", code])
                .stdin(Stdio::from(file.try_clone().unwrap()))
                .output()
                .unwrap();
            String::from_utf8(run.stdout).unwrap()
        };
        assert_eq!(read("io.stdin:setvbuf('no') print(io.stdin:seek('set', 2))"), "2\n");
        assert_eq!(read("print(io.read('*a'))"), "cdef\n");
    }
}
