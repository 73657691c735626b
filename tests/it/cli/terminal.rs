//! The interactive mode on a terminal.

use luago_test_support::command::{luago_run, program};
use std::io::{Read, Write};
use std::process::{Child, ChildStdin, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

/// A run at a terminal of its own, which the command `script` makes.
struct Terminal {
    keys: ChildStdin,
    shown: Receiver<Vec<u8>>,
    child: Child,
    /// What was shown and not waited for yet.
    rest: String,
}

impl Terminal {
    fn start(lua: &str, code: &str) -> Terminal {
        let mut child = program("script")
            .env("TERM", "xterm")
            .env("SHELL", "/bin/sh")
            .env("CODE", code)
            .args(["-q", "-e", "-c"])
            .arg(format!("exec {} --lua {lua} -i -e \"$CODE\"", luago_run()))
            .arg("/dev/null")
            .into_command()
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let keys = child.stdin.take().unwrap();
        let mut screen = child.stdout.take().unwrap();
        let (show, shown) = channel();
        std::thread::spawn(move || {
            let mut bytes = [0; 4096];
            while let Ok(count @ 1..) = screen.read(&mut bytes) {
                let _ = show.send(bytes[..count].to_vec());
            }
        });
        let mut terminal = Terminal { keys, shown, child, rest: String::new() };
        terminal.wait_for("> ");
        terminal
    }

    fn press(&mut self, keys: &[u8]) {
        self.keys.write_all(keys).unwrap();
    }

    /// What is shown, up to a text.
    #[track_caller]
    fn wait_for(&mut self, text: &str) -> String {
        let start = Instant::now();
        let mut all = std::mem::take(&mut self.rest);
        while !all.contains(text) {
            let left = Duration::from_secs(60).saturating_sub(start.elapsed());
            match self.shown.recv_timeout(left) {
                Ok(bytes) => all.push_str(&String::from_utf8_lossy(&bytes)),
                Err(_) => panic!("{text:?} is not shown: {all:?}"),
            }
        }
        let end = all.find(text).unwrap_or(0) + text.len();
        self.rest = all.split_off(end);
        all
    }

    /// Ends it. A key that comes before there is a prompt is lost.
    fn end(mut self) {
        let start = Instant::now();
        loop {
            let _ = self.keys.write_all(b"\x04");
            std::thread::sleep(Duration::from_millis(50));
            if let Some(status) = self.child.try_wait().unwrap() {
                return assert_eq!(status.code(), Some(0));
            }
            assert!(start.elapsed() < Duration::from_secs(60), "it does not end");
        }
    }
}

for_each_version! {
    fn the_tab_key_completes_names(lua) {
        let mut terminal = Terminal::start(lua, "s = 'x'");
        for (typed, result) in [
            (&b"pri\t('glo', 'bal')\r"[..], "glo\tbal"),
            (b"print(string.forma\t('%s!', 'field'))\r", "field!"),
            (b"print(s:re\tv\t(), 'of a value')\r", "x\tof a value"),
            (b"loc\t n = 7 print(n, 'key', 'word')\r", "7\tkey\tword"),
        ] {
            terminal.press(typed);
            // A terminal shows tabs as they are.
            terminal.wait_for(&format!("\n{result}"));
            terminal.wait_for("> ");
        }
        terminal.end();
    }

    fn completing_runs_no_code_of_the_script(lua) {
        let mut terminal = Terminal::start(lua, "
            trap = setmetatable({real = 1}, {__index = function() print('RAN') end, __pairs = error, __len = error})
            setmetatable(_G, {__index = function(_, name) if name:sub(1, 7) ~= '_PROMPT' then print('RAN') end end})
            deep = setmetatable({}, {__index = setmetatable({}, {__index = {inherited = 'in' .. 'herited'}})})
            loop = {} setmetatable(loop, {__index = loop})
            debug.sethook(function() hooked = true end, 'l') debug.sethook()");
        terminal.press(b"x = trap.nothing.\t\x15");
        terminal.press(b"print(trap.rea\t + 1, 'sum')\r");
        let shown = terminal.wait_for("2\tsum");
        assert!(!shown.contains("RAN"), "{shown}");
        terminal.wait_for("> ");
        terminal.press(b"loop.x.y\t\x15print(deep.inh\t)\r");
        let shown = terminal.wait_for("\ninherited");
        assert!(!shown.contains("RAN"), "{shown}");
        terminal.end();
    }

    fn a_prompt_is_what_the_script_says(lua) {
        let mut terminal = Terminal::start(lua, "_PROMPT = 'first> ' _PROMPT2 = 'more> '");
        terminal.press(b"for i = 1, 2 do\r");
        terminal.wait_for("more> ");
        terminal.press(b"end\r");
        terminal.wait_for("first> ");
        terminal.end();
    }
}

#[test]
fn a_typed_byte_that_is_no_text_is_said_and_ends_nothing() {
    let mut terminal = Terminal::start("5.4", "");
    terminal.press(b"print('a\xff\r");
    terminal.wait_for("what is typed has to be UTF-8");
    terminal.wait_for("> ");
    terminal.press(b"print('goes', 'on')\r");
    terminal.wait_for("\ngoes\ton");
    terminal.end();
}
