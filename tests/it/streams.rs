//! Standard streams that are regular files, as a shell's redirections make them.

use crate::cli::{LUAGO_RUN, lasting_folder, lua as luago};
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
        let status = Command::new(LUAGO_RUN)
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
            let run = Command::new(LUAGO_RUN)
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
