//! Programs that a script was granted.

use luago::{Capabilities, Limits, OutputBuffer, Sandbox, Script, Stop};
use luago_test_support::command::{Cli, Ran, lua, luago};
use luago_test_support::oracle::oracle;
use luago_test_support::sandboxes::engine;
use luago_test_support::versions::{Lua, number};
use luago_test_support::wait_until;
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

/// How late a stop may be. The machine that runs these tests may be busy.
const LATE: Duration = Duration::from_secs(5);

fn granted(version: Lua, programs: &[&str]) -> Cli {
    let cli = lua(version);
    programs.iter().fold(cli, |cli, program| cli.args(["--run", program]))
}

/// Is a process with this text among its arguments alive? A zombie has none.
fn is_alive(mark: &str) -> bool {
    let processes = std::fs::read_dir("/proc").unwrap().flatten();
    processes.filter(|entry| entry.file_name().to_string_lossy().parse::<u32>().is_ok()).any(
        |entry| {
            let arguments = std::fs::read(entry.path().join("cmdline")).unwrap_or_default();
            let mut words = arguments.split(|byte| *byte == 0);
            words.any(|word| word == mark.as_bytes())
        },
    )
}

/// How many processes have this parent, zombies among them.
fn children_of(parent: u32) -> usize {
    let processes = std::fs::read_dir("/proc").unwrap().flatten();
    let stats =
        processes.filter_map(|entry| std::fs::read_to_string(entry.path().join("stat")).ok());
    let is_child = |stat: &String| {
        let after_name = stat.rsplit(')').next().unwrap_or_default();
        after_name.split_whitespace().nth(1) == Some(&parent.to_string())
    };
    stats.filter(is_child).count()
}

/// A process that has just been started has its arguments a moment later.
#[track_caller]
fn assert_lives(mark: &str) {
    wait_until(&format!("{mark} is alive"), || is_alive(mark));
}

#[track_caller]
fn assert_dies(mark: &str) {
    let start = Instant::now();
    while is_alive(mark) {
        assert!(start.elapsed() < LATE, "{mark} is alive");
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// A number of seconds that no other test sleeps, by which the sleeper is found.
fn mark(test: u32, version: Lua) -> String {
    format!("{}.{}{}", 3000 + test, std::process::id(), number(version))
}

/// The command ends with its deadline, and with it what it has started.
#[track_caller]
fn stops(version: Lua, test: u32, programs: &[&str], code: &str) {
    lua(version).exec("return").run().out();
    let mark = mark(test, version);
    let cli = granted(version, programs).args(["--timeout", "200ms"]);
    let cli = cli.exec(&code.replace("MARK", &mark));
    let start = Instant::now();
    let ran = cli.run();
    assert!(start.elapsed() < Duration::from_millis(200) + LATE, "{ran:#?}");
    let said = ran.failed(124);
    assert!(said.starts_with("luago-run: stopped: the deadline of 200ms passed"), "{said}");
    assert_dies(&mark);
}

for_each_version! {
    fn commands_do_the_same_natively_and_in_the_sandbox(lua) {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/scripts");
        let native = oracle(lua).in_folder(&folder).arg("commands.lua").run();
        let programs = ["echo", "cat", "true", "false", "sh"];
        let ran = granted(lua, &programs).in_folder(&folder).arg("commands.lua").run();
        assert_eq!(native.code, 0, "{native:#?}");
        assert_eq!(ran, native);
    }

    fn a_shell_that_was_granted_is_given_what_needs_one(lua) {
        let folder = tempfile::tempdir().unwrap();
        let code = "for _, command in ipairs {
                'echo $((6 * 7)) | cat', 'cd / && pwd', 'echo a; echo b >&2', ': > made', '', 'exit 3',
                'test -f made && echo \"it is\" made', 'no_such_program_anywhere 2>/dev/null',
            } do
                print(os.execute(command))
                local file = io.popen(command)
                print(file:read('*a'), file:close())
            end";
        std::fs::write(folder.path().join("script.lua"), code).unwrap();
        let ran = granted(lua, &["sh"]).in_folder(folder.path()).arg("script.lua").run();
        let native = oracle(lua).in_folder(folder.path()).arg("script.lua").run();
        assert_eq!((&ran.stdout, ran.code), (&native.stdout, native.code), "{ran:#?}");
        // What was granted by itself is that program.
        let run = "greet=/bin/echo";
        let code = "print(io.popen('greet hello'):read('*a')) print(io.popen('greet $((1 + 1))'):read('*a'))";
        let ran = granted(lua, &["sh"]).args(["--run", run]).exec(code).run();
        assert_eq!(ran.stdout, "hello\n\n\n", "{ran:#?}");
    }

    fn error_numbers_of_commands_are_those_of_linux(lua) {
        let code = "local function code(...) return (select(3, ...)) end
            print(code(io.popen('rm x')), code(io.popen('echo $x')))";
        assert_eq!(granted(lua, &["echo"]).exec(code).run().out(), "13\t95\n");
    }

    fn a_signal_that_ends_a_command_is_its_result(lua) {
        let code = r#"print(os.execute("sh -c 'kill -9 $$'")) print(io.popen("sh -c 'kill -15 $$'"):close())"#;
        let ran = granted(lua, &["sh"]).exec(code).run();
        let expected = match lua {
            "5.1" => "9\ntrue\n",
            _ => "nil\tsignal\t9\nnil\tsignal\t15\n",
        };
        assert_eq!(ran.out(), expected);
    }

    fn without_a_grant_nothing_can_be_started(lua) {
        let code = "print(os.execute()) print(pcall(io.popen, 'true')) print(pcall(os.execute, 'true'))";
        let out = self::lua(lua).exec(code).run();
        let lines: Vec<&str> = out.out().lines().collect();
        assert_eq!(lines[0], if lua == "5.1" { "0" } else { "false" });
        assert_eq!(lines[1], "false\t'popen' not supported: this sandbox cannot start processes");
        assert!(lines[2].ends_with("this sandbox cannot start processes")
            || lines[2].contains("this sandbox cannot start processes\t"), "{}", lines[2]);
    }

    fn a_program_that_was_not_granted_is_named_with_those_that_were(lua) {
        let code = "local _, why = io.popen('rm -rf x') print(_, why)";
        let ran = granted(lua, &["echo", "cat"]).exec(code).run();
        let why = "rm -rf x: the command 'rm' was not granted to this sandbox, which has echo, cat";
        assert_eq!(ran.out(), format!("nil\t{why}\n"));
    }

    fn a_refused_command_is_an_error_of_execute(lua) {
        let code = "print(select('#', pcall(os.execute, 'rm x')), select(2, pcall(os.execute, 'rm x')))";
        let ran = granted(lua, &["echo"]).exec(code).run();
        let why = "rm x: the command 'rm' was not granted to this sandbox, which has echo";
        match lua {
            "5.1" => assert_eq!(ran.out(), format!("2\t{why}\n")),
            _ => assert!(ran.out().starts_with(&format!("4\tnil\t{why}\t")), "{ran:#?}"),
        }
    }

    fn what_needs_a_shell_is_refused_by_its_character(lua) {
        let code = "for _, c in ipairs {'echo $HOME', 'echo `id`', 'echo *', 'echo a | cat', \
            'echo a; id', 'echo a & id', 'echo (a)', 'echo \"$HOME\"'} do \
            local _, why = io.popen(c) print((why:gsub('^.*: ', ''))) end";
        let ran = granted(lua, &["echo", "cat", "id"]).exec(code).run();
        let expected: String = [
            ("$", "put it in single quotes"), ("`", "put it in single quotes"), ("*", "quote it"),
            ("|", "quote it"), (";", "quote it"), ("&", "quote it"), ("(", "quote it"),
            ("$", "put it in single quotes"),
        ].map(|(c, remedy)| {
            format!("'{c}' needs a shell, and there is none; {remedy} if it stands for itself\n")
        }).concat();
        assert_eq!(ran.out(), expected);
    }

    fn a_file_cannot_be_written_by_a_redirection(lua) {
        let folder = tempfile::tempdir().unwrap();
        let code = "local _, why = io.popen('echo a >made') print((why:gsub(', as.*', '')))";
        let ran = granted(lua, &["echo"]).in_folder(folder.path()).exec(code).run();
        let why = "echo a >made: a command is redirected only by 2>&1, >&2, and > or 2> or < with \
                   /dev/null\n";
        assert_eq!(ran.out(), why);
        assert!(!folder.path().join("made").exists());
    }

    fn a_command_has_the_granted_variables_and_no_others(lua) {
        let cli = granted(lua, &["env"]).env("SECRET", "1").env("PATH_LIKE", "2");
        let ran = cli.args(["--env", "STAGE=test"]).exec("os.execute('env')").run();
        assert_eq!(ran.out(), "STAGE=test\n");
    }

    fn a_deadline_ends_a_command_that_is_executed(lua) {
        stops(lua, 1, &["sleep"], "os.execute('sleep MARK')");
    }

    fn a_deadline_ends_a_command_that_is_read(lua) {
        stops(lua, 2, &["sleep"], "io.popen('sleep MARK'):read('*a')");
    }

    fn a_deadline_ends_a_command_that_reads_nothing(lua) {
        stops(lua, 3, &["sleep"],
            "local f = io.popen('sleep MARK', 'w') while true do f:write(('x'):rep(1000)) end");
    }

    fn a_deadline_ends_a_command_that_is_closed(lua) {
        stops(lua, 4, &["sleep"], "io.popen('sleep MARK'):close()");
    }

    fn a_deadline_ends_the_children_of_a_command(lua) {
        stops(lua, 5, &["sh"], "os.execute('sh -c \"sleep MARK & sleep MARK; true\"')");
    }

    fn a_deadline_ends_commands_that_nobody_waits_for(lua) {
        stops(lua, 6, &["sleep"], "f = io.popen('sleep MARK') while true do end");
    }

    fn a_deadline_ends_a_command_that_has_closed_its_streams(lua) {
        stops(lua, 7, &["sh"],
            "os.execute('sh -c \"exec sleep MARK </dev/null >/dev/null 2>/dev/null\"')");
    }

    fn a_deadline_ends_a_command_that_writes_without_end(lua) {
        stops(lua, 8, &["sh", "yes"], "for l in io.popen('yes MARK'):lines() do end");
    }

    fn a_stop_of_a_command_cannot_be_caught(lua) {
        stops(lua, 9, &["sleep"], "pcall(os.execute, 'sleep MARK') while true do end");
    }

    fn commands_end_with_the_script(lua) {
        let mark = mark(10, lua);
        let code = format!("f = io.popen('sleep {mark}') os.exit(3)");
        granted(lua, &["sleep"]).exec(&code).run().failed(3);
        assert_dies(&mark);
    }

    fn children_end_with_their_command(lua) {
        let mark = mark(11, lua);
        let code = format!("print(os.execute('sh -c \"sleep {mark} & exit 0\"'))");
        let ran = granted(lua, &["sh"]).exec(&code).run();
        assert_eq!(ran.out(), if lua == "5.1" { "0\n" } else { "true\texit\t0\n" });
        assert_dies(&mark);
    }

    fn what_a_command_writes_counts_as_output(lua) {
        for code in [
            "os.execute('yes')", "os.execute('sh -c \"yes >&2\"')",
            "io.popen('sh -c \"yes >&2\"'):read('*a')", "io.popen('yes', 'w'):close()",
        ] {
            let cli = granted(lua, &["yes", "sh"]).args(["--max-output", "1MiB"]);
            let ran = cli.args(["--timeout", "60s"]).exec(code).run();
            let said = ran.failed(123);
            let ours = said.find("luago-run: stopped").unwrap_or_else(|| panic!("{ran:#?}"));
            assert_eq!(ran.stdout.len() + ours, 1 << 20, "{code}");
        }
    }

    fn a_reader_is_not_held_up_by_what_is_said_beside(lua) {
        let code = "local f = io.popen('sh -c \"yes | head -c 500000 >&2; echo done\"') print(f:read('*l'))";
        let ran = granted(lua, &["sh"]).args(["--timeout", "60s"]).exec(code).run();
        assert_eq!((ran.code, ran.stdout.as_str(), ran.stderr.len()), (0, "done\n", 500_000));
    }

    fn writing_to_a_command_that_is_over_is_a_broken_pipe(lua) {
        let code = "local f = io.popen('true', 'w') f:setvbuf('no') local ok, why \
            repeat ok, why = f:write('x') until not ok print(why) print(f:close())";
        let ran = granted(lua, &["true"]).args(["--timeout", "60s"]).exec(code).run();
        let closed = if lua == "5.1" { "true" } else { "true\texit\t0" };
        assert_eq!(ran.out(), format!("Broken pipe\n{closed}\n"));
    }

    fn no_zombie_stays(lua) {
        let code = "for i = 1, 20 do os.execute('true') io.popen('true'):close() end \
            for i = 1, 20 do io.popen('true') end collectgarbage() collectgarbage() \
            io.write('ready\\n') io.stdout:flush() io.read()";
        let mut command = granted(lua, &["true"]).exec(code).into_command();
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut line = String::new();
        let mut stdout = std::io::BufReader::new(child.stdout.take().unwrap());
        std::io::BufRead::read_line(&mut stdout, &mut line).unwrap();
        let children = children_of(child.id());
        drop(child.stdin.take());
        assert!(child.wait().unwrap().success());
        assert_eq!((line.as_str(), children), ("ready\n", 0));
    }

    fn only_so_many_commands_are_open_at_once(lua) {
        let code = "local t, why = {} repeat t[#t + 1], why = io.popen('cat', 'w') until why \
            print(#t, why) t[1]:close() print(io.type(io.popen('cat', 'w')))";
        let ran = granted(lua, &["cat"]).exec(code).run();
        assert_eq!(ran.out(), "64\tcat: 64 commands are open already; close some\nfile\n");
    }

    fn pipes_count_as_open_files(lua) {
        let code = "local t, why = {} repeat t[#t + 1], why = io.popen('cat') until why print(#t, why)";
        let ran = granted(lua, &["cat"]).args(["--open-files", "10"]).exec(code).run();
        assert_eq!(ran.out(), "5\tcat: Too many open files\n");
    }

    fn a_command_that_is_too_long_is_refused(lua) {
        let code = "print((select(2, io.popen('echo ' .. ('x'):rep(2^17)))):match('.*: (.*)')) \
            print((select(2, io.popen('echo' .. (' x'):rep(5000)))):match('.*: (.*)'))";
        let ran = granted(lua, &["echo"]).exec(code).run();
        assert_eq!(ran.out(), "Argument list too long\na command has 4096 words at most\n");
    }
}

#[test]
fn a_program_is_found_in_path_or_named() {
    let code = "os.execute('greet hello') os.execute('/bin/echo hello')";
    let ran = luago().args(["--run", "greet=/bin/echo"]).exec(code).run();
    assert_eq!(ran.out(), "hello\nhello\n");
}

#[test]
fn a_program_that_is_not_there_is_a_usage_error() {
    let said = luago().args(["--run", "no-such-program"]).exec("").run();
    assert_eq!(
        said.failed(2),
        "luago-run: --run no-such-program: there is no program 'no-such-program' in PATH; say \
         where it is with --run no-such-program=/path/to/it\n"
    );
    for wrong in ["=x", "x=", "x=/etc/passwd", "x=/nowhere"] {
        luago().args(["--run", wrong]).exec("").run().failed(2);
    }
}

#[test]
fn a_program_is_granted_once() {
    let ran = luago().args(["--run", "x=/bin/echo", "--run", "x=/bin/cat"]).exec("").run();
    let said = "luago-run: the command 'x' is granted twice; each name can be given once\n";
    assert_eq!(ran.failed(2), said);
}

#[test]
fn a_deterministic_run_has_no_commands() {
    let ran = luago().args(["--run", "echo", "--deterministic"]).exec("").run();
    let said = "luago-run: a command depends on the machine and cannot be part of a deterministic \
                run\n";
    assert_eq!(ran.failed(2), said);
}

#[test]
fn a_command_starts_where_luago_run_does() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path().canonicalize().unwrap();
    let ran = luago().args(["--run", "pwd"]).in_folder(&folder).exec("os.execute('pwd')").run();
    assert_eq!(ran.out(), format!("{}\n", folder.display()));
}

#[test]
fn a_command_reads_standard_input_where_it_is_no_terminal() {
    let ran = luago().args(["--run", "cat"]).stdin("text\n").exec("os.execute('cat')").run();
    assert_eq!(ran.out(), "text\n");
}

#[test]
fn an_interrupt_ends_a_command() {
    let mark = mark(12, "5.4");
    let code = format!("os.execute('sleep {mark}')");
    let mut started = luago().args(["--run", "sleep"]).exec(&code).start();
    assert_lives(&mark);
    let pid = rustix_pid(started.id());
    rustix::process::kill_process(pid, rustix::process::Signal::INT).unwrap();
    let ran: Ran = started.wait();
    assert_eq!(ran.code, 130, "{ran:#?}");
    assert_dies(&mark);
}

fn rustix_pid(id: u32) -> rustix::process::Pid {
    rustix::process::Pid::from_raw(id.try_into().unwrap()).unwrap()
}

#[test]
fn a_deadline_ends_commands_where_nobody_reads_what_is_said() {
    let mark = mark(13, "5.4");
    let code = format!("f = io.popen('sleep {mark}') while true do print(('x'):rep(1000)) end");
    let cli = luago().args(["--run", "sleep", "--timeout", "200ms"]).exec(&code);
    let mut command = cli.into_command();
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = command.spawn().unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(124));
    assert_dies(&mark);
}

fn sandbox(capabilities: Capabilities, output: &OutputBuffer) -> Sandbox {
    let builder = Sandbox::builder(engine()).capabilities(capabilities);
    builder.stdout(output.clone()).build().unwrap()
}

#[test]
fn a_stopped_sandbox_has_no_commands_though_it_is_kept() {
    let mark = mark(14, "5.4");
    let output = OutputBuffer::new();
    let mut sandbox = sandbox(Capabilities::default().command("sleep", "/bin/sleep"), &output);
    let code = format!("f = io.popen('sleep {mark}')");
    sandbox.run(&Script::new("start", code)).unwrap();
    assert_lives(&mark);
    sandbox.set_deadline(Some(Duration::from_millis(50)));
    let outcome = sandbox.run(&Script::new("spin", "while true do end")).unwrap();
    assert!(matches!(outcome.stop(), Some(Stop::Deadline { .. })), "{outcome:?}");
    assert_dies(&mark);
    assert!(sandbox.is_dead());
}

#[test]
fn a_sandbox_that_is_dropped_or_reset_leaves_no_commands() {
    let output = OutputBuffer::new();
    for test in [15, 16] {
        let mark = mark(test, "5.4");
        let mut sandbox = sandbox(Capabilities::default().command("sleep", "/bin/sleep"), &output);
        let code = format!("f = io.popen('sleep {mark}')");
        sandbox.run(&Script::new("start", code)).unwrap();
        assert_lives(&mark);
        if test == 15 {
            drop(sandbox);
        } else {
            sandbox.reset().unwrap();
        }
        assert_dies(&mark);
    }
}

#[test]
fn a_copy_of_a_sandbox_has_none_of_its_commands() {
    let mark = mark(17, "5.4");
    let output = OutputBuffer::new();
    let capabilities = Capabilities::default().command("sleep", "/bin/sleep");
    let mut sandbox = sandbox(capabilities, &output);
    let code = format!("f = io.popen('sleep {mark}')");
    sandbox.run(&Script::new("start", code)).unwrap();
    let template = sandbox.into_template().unwrap();
    assert_dies(&mark);
    let mut copy = template.instantiate().unwrap();
    copy.set_stdout(output.clone());
    let code = "local ok, why = f:read('a') print(ok, why) print(select(2, f:close()))";
    let outcome = copy.run(&Script::new("use", code)).unwrap();
    assert!(outcome.is_returned(), "{outcome:?}");
    let said = String::from_utf8(output.take()).unwrap();
    assert!(said.starts_with("nil\tBad file descriptor\nNo child process"), "{said}");
}

#[test]
fn the_host_keeps_no_text_of_a_command_for_which_it_has_no_room() {
    let output = OutputBuffer::new();
    let capabilities = Capabilities::default().command("echo", "/bin/echo");
    let builder = Sandbox::builder(engine()).capabilities(capabilities);
    let limits = Limits::default().memory(4 << 20).host_bytes(0);
    let mut sandbox = builder.limits(limits).stdout(output.clone()).build().unwrap();
    let code = "local parts, big = {}, nil \
        while pcall(function() parts[#parts + 1] = ('x'):rep(50000) end) do end \
        parts[#parts] = nil \
        print((select(2, io.popen('echo' .. (' x'):rep(4000)))):match('.*: (.*)'))";
    sandbox.run(&Script::new("full", code)).unwrap();
    assert_eq!(String::from_utf8(output.take()).unwrap(), "Cannot allocate memory\n");
}

#[test]
fn what_cannot_be_granted_is_said_when_the_sandbox_is_built() {
    let build = |capabilities| Sandbox::builder(engine()).capabilities(capabilities).build();
    for (capabilities, said) in [
        (
            Capabilities::default().command("echo", "bin/echo"),
            "the command 'echo' needs an absolute path, and bin/echo is none",
        ),
        (Capabilities::default().command("", "/bin/echo"), "the command /bin/echo needs a name"),
        (
            Capabilities::default().command("echo", "/bin/echo").commands_dir("here"),
            "commands start in a directory with an absolute path, and here is none",
        ),
    ] {
        let error = build(capabilities).err().unwrap();
        assert!(error.is_invalid());
        assert_eq!(error.to_string(), said);
    }
}

#[test]
fn a_deadline_ends_a_command_in_a_future() {
    let mark = mark(18, "5.4");
    let output = OutputBuffer::new();
    let mut sandbox = sandbox(Capabilities::default().command("sleep", "/bin/sleep"), &output);
    sandbox.set_deadline(Some(Duration::from_millis(200)));
    let script = Script::new("sleep", format!("os.execute('sleep {mark}')"));
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let start = Instant::now();
    let outcome = runtime.block_on(sandbox.run_async(&script)).unwrap();
    assert!(matches!(outcome.stop(), Some(Stop::Deadline { .. })), "{outcome:?}");
    assert!(start.elapsed() < LATE);
    assert_dies(&mark);
}
