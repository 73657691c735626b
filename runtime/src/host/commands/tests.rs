//! Texts of commands, beside what a shell makes of them, and what becomes of processes.

use super::Grants;
use super::Program;
use super::words::{Line, MOST_WORDS, Refused, Sink, split};
use crate::platform::process::Group;
use proptest::prelude::*;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

fn words(text: &str) -> Vec<String> {
    let line = split(text.as_bytes()).unwrap();
    line.words.into_iter().map(|word| String::from_utf8(word).unwrap()).collect()
}

fn refused(text: &str) -> Refused {
    split(text.as_bytes()).unwrap_err()
}

/// What a shell makes of it.
fn words_of_sh(text: &str) -> Option<Vec<String>> {
    let code = format!("p() {{ for w; do printf '%s\\0' \"$w\"; done; }}\np {text}");
    // In a folder in which nothing can be made by mistake.
    let mut sh = Command::new("sh");
    let ran = sh.args(["-c", &code]).current_dir("/proc").stderr(Stdio::null()).output().unwrap();
    let all = String::from_utf8(ran.stdout).unwrap();
    ran.status.success().then(|| all.split_terminator('\0').map(str::to_string).collect())
}

#[test]
fn words_are_split_as_a_shell_splits_them() {
    for text in [
        "uname -s",
        "  a\t b  ",
        "a 'b c' \"d e\"",
        "a''b \"\" ''",
        r#"a\ b "x\"y" 'x\y' "x\y" \\ \'"#,
        "a # comment ; | & $x",
        "a#b '#c' \\#d",
        "a \\\n b",
        "a\\\nb",
        "a b \n\n # more\n",
        "x=1 a=b",
        "a~b 'x$y' \"a;b|c\" \"*\" {a} a] !",
        "-- -e %s",
    ] {
        let found = words(&format!("p {text}"));
        assert_eq!(found[1..], words_of_sh(text).unwrap(), "{text:?}");
    }
    assert_eq!(words("\n # before\n\n a b"), ["a", "b"]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn what_is_split_at_all_is_split_as_by_a_shell(text in r#"[ab=~{}!#\\'" \t$`|;<>2&*?]{0,12}"#) {
        let text = format!("p {text}");
        if let Ok(Line { words, stdout: Sink::Out, stderr: Sink::Err, has_no_input: false }) =
            split(text.as_bytes())
        {
            let words: Vec<_> =
                words.into_iter().skip(1).map(|word| String::from_utf8(word).unwrap()).collect();
            prop_assert_eq!(Some(words), words_of_sh(&text[2..]), "{:?}", text);
        }
    }

    #[test]
    fn any_bytes_are_split_or_refused(text in prop::collection::vec(any::<u8>(), 0..100)) {
        if let Ok(line) = split(&text) {
            prop_assert!(!line.words.is_empty());
        }
    }
}

#[test]
fn what_only_a_shell_can_do_is_refused_by_its_character() {
    for special in ["$", "`", "*", "?", "[", ";", "&", "|", "(", ")"] {
        let byte = special.as_bytes()[0];
        assert_eq!(refused(&format!("a {special}")), Refused::Special(byte));
        assert_eq!(refused(&format!("a b{special}c")), Refused::Special(byte));
        assert_eq!(words(&format!("a '{special}' \\{special}")), ["a", special, special]);
    }
    assert_eq!(refused("a ~"), Refused::Special(b'~'));
    assert_eq!(refused("a\nb"), Refused::Special(b'\n'));
    assert_eq!(refused("a \"$b\""), Refused::Special(b'$'));
    assert_eq!(refused("a \"`b`\""), Refused::Special(b'`'));
    assert_eq!(refused("A=1 a"), Refused::Assignment);
    assert_eq!(refused("a 'b"), Refused::Unclosed(b'\''));
    assert_eq!(refused("a \"b"), Refused::Unclosed(b'"'));
    for empty in ["", "  ", "\n", "# nothing", "2>/dev/null"] {
        assert_eq!(refused(empty), Refused::Empty, "{empty:?}");
    }
}

#[test]
fn streams_go_to_the_null_device_or_to_each_other_and_nowhere_else() {
    let sinks = |text: &str| {
        let line = split(text.as_bytes()).unwrap();
        assert_eq!(line.words, [b"a".to_vec(), b"b".to_vec()], "{text}");
        (line.has_no_input, line.stdout, line.stderr)
    };
    use Sink::{Err, Null, Out};
    assert_eq!(sinks("a b"), (false, Out, Err));
    assert_eq!(sinks("a b 2>/dev/null"), (false, Out, Null));
    assert_eq!(sinks("a 2> /dev/null b"), (false, Out, Null));
    assert_eq!(sinks("a b 2>&1"), (false, Out, Out));
    assert_eq!(sinks("a b >&2"), (false, Err, Err));
    assert_eq!(sinks("a b >/dev/null 2>&1"), (false, Null, Null));
    assert_eq!(sinks("a b 2>&1 >/dev/null"), (false, Null, Out));
    assert_eq!(sinks("a b 1>/dev/null"), (false, Null, Err));
    assert_eq!(sinks("</dev/null a b"), (true, Out, Err));
    assert_eq!(words("a2>/dev/null"), ["a2"]);
    assert_eq!(words("a '2'>/dev/null"), ["a", "2"]);
    for wrong in [
        "a >file",
        "a >>/dev/null",
        "a >|/dev/null",
        "a <file",
        "a <<x",
        "a 3>/dev/null",
        "a 22>&1",
        "a 2>&3",
        "a 2>&-",
        "a >",
        "a 2>&",
        "a </dev/nullx",
        "a >/dev/null$x",
        "a <>/dev/null",
        "a 1</dev/null",
        "a >'/dev/null'",
    ] {
        assert_eq!(refused(wrong), Refused::Redirection, "{wrong}");
    }
    assert_eq!(refused("a 2>&1& b"), Refused::Special(b'&'));
}

#[test]
fn a_command_has_only_so_many_words() {
    let text = "a ".repeat(MOST_WORDS);
    assert_eq!(words(&text).len(), MOST_WORDS);
    assert_eq!(refused(&format!("{text}a")), Refused::TooMany);
}

#[test]
fn a_program_is_called_by_its_name_or_its_path_and_nothing_else() {
    let grants = Grants {
        programs: vec![Program { name: "show".into(), path: "/bin/cat".into() }],
        ..Grants::default()
    };
    let is_found = |word: &str| grants.find(word.as_bytes()).is_some();
    assert!(is_found("show") && is_found("/bin/cat"));
    for word in ["cat", "sho", "/bin/../bin/cat", "./show", "/usr/bin/cat", ""] {
        assert!(!is_found(word), "{word}");
    }
}

/// A shell, and a child of it that outlives it, unless it is killed; the child's number.
fn with_child(rest: &str) -> (Group, String) {
    let file = tempfile::NamedTempFile::new().unwrap();
    let code = format!("sleep 1000 & echo $! >{}; {rest}", file.path().display());
    let group = Group::start(Command::new("/bin/sh").args(["-c", &code])).unwrap();
    let start = Instant::now();
    loop {
        let text = std::fs::read_to_string(file.path()).unwrap();
        if text.ends_with('\n') {
            return (group, text.trim().to_string());
        }
        assert!(start.elapsed() < Duration::from_secs(60), "the shell says nothing");
        std::thread::sleep(Duration::from_millis(1));
    }
}

/// Waits until a process is no more, but for a zombie that somebody else has to wait for.
#[track_caller]
fn assert_ends(pid: &str) {
    let start = Instant::now();
    loop {
        let stat = std::fs::read_to_string(format!("/proc/{pid}/stat"));
        if stat.is_err() || stat.is_ok_and(|stat| stat.contains(") Z ")) {
            return;
        }
        assert!(start.elapsed() < Duration::from_secs(60), "process {pid} lives");
        std::thread::sleep(Duration::from_millis(1));
    }
}

#[test]
fn a_group_that_is_dropped_dies_with_its_children_and_leaves_no_zombie() {
    let (group, child) = with_child("wait");
    let leader = group.leader();
    drop(group);
    assert_ends(&child);
    let start = Instant::now();
    while std::fs::exists(format!("/proc/{leader}")).unwrap() {
        assert!(start.elapsed() < Duration::from_secs(60), "a zombie stays");
        std::thread::sleep(Duration::from_millis(1));
    }
}

#[test]
fn a_child_does_not_outlive_the_command() {
    let (group, child) = with_child("exit 3");
    while !group.is_over().unwrap() {
        std::thread::sleep(Duration::from_millis(1));
    }
    assert_eq!(group.finish().unwrap(), 3 << 8);
    assert_ends(&child);
}
