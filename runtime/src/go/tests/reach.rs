//! What a guest can reach, and that it is no more than it was granted.

use super::*;
use crate::Access;

#[test]
fn a_guest_sees_only_what_it_was_granted_its_memory_and_where_it_starts() {
    let mut guest = start(&GoGrant::new().memory(64 << 20));
    let env = guest.string("env");
    assert!(env.starts_with("GOMEMLIMIT=") && env.lines().skip(1).eq(["PWD=/"]), "{env}");
    let mut guest = start(&GoGrant::new().env("STAGE", "test").env("STAGE", "live"));
    assert!(guest.string("env").contains("STAGE=live"));
}

#[test]
fn a_granted_variable_takes_the_place_of_what_follows_from_the_memory() {
    let mut guest = start(&GoGrant::new().env("GOMEMLIMIT", "10MiB"));
    let env = guest.string("env");
    assert_eq!(env.lines().filter(|line| line.starts_with("GOMEMLIMIT")).count(), 1);
    assert!(env.contains("GOMEMLIMIT=10MiB"), "{env}");
}

#[test]
fn a_granted_file_can_be_read_and_written_as_the_grant_says() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("note"), "text").unwrap();
    let grant =
        |access| GoGrant::new().dir(folder.path(), "data", access).env("FILE", "/data/note");
    let mut reader = start(&grant(Access::ReadOnly));
    assert_eq!(reader.string("read"), "text");
    assert_eq!(reader.integer("save", &[]), 1);
    let mut writer = start(&grant(Access::ReadWrite));
    assert_eq!(writer.integer("save", &[]), 0);
    assert_eq!(std::fs::read(folder.path().join("note")).unwrap(), b"saved");
}

#[test]
fn nothing_is_found_outside_what_was_granted() {
    let folder = tempfile::tempdir().unwrap();
    std::os::unix::fs::symlink("/etc/passwd", folder.path().join("link")).unwrap();
    for file in ["/etc/passwd", "/data/../etc/passwd", "/data/link"] {
        let granted = GoGrant::new().dir(folder.path(), "/data", Access::ReadOnly);
        for grant in [GoGrant::new(), granted] {
            let said = start(&grant.env("FILE", file)).string("read");
            assert!(said.starts_with(&format!("open {file}: ")), "{said}");
        }
    }
}

#[test]
fn a_directory_that_is_not_there_fails_the_start() {
    let grant = GoGrant::new().dir("/no/such/folder", "data", Access::ReadOnly);
    let why = guilty(try_start(&grant).err().unwrap());
    let first = "the Go guest 'geo' cannot start: the directory /no/such/folder cannot be opened: ";
    assert!(why.starts_with(first), "{why}");
}

#[test]
fn standard_input_is_at_its_end() {
    assert_eq!(start(&GoGrant::new()).string("stdin"), "0 EOF");
}

#[test]
fn output_is_kept_in_order_until_it_is_taken() {
    let mut guest = start(&GoGrant::new());
    assert!(!guest.has_output());
    guest.integer("write", &[]);
    assert!(guest.has_output());
    let expected = [(1, &b"to standard output\n"[..]), (2, b"to standard error\n")];
    assert!(guest.take_output().iter().eq(expected));
    assert!(!guest.has_output());
}

#[test]
fn a_guest_can_keep_most_of_its_memory_alive_while_it_makes_garbage() {
    const BLOCKS_OF_A_MIB: i64 = 16;
    let mut guest = start(&GoGrant::new().memory(64 << 20));
    guest.integer("hold", &[48 * BLOCKS_OF_A_MIB]);
    guest.integer("churn", &[56 * BLOCKS_OF_A_MIB]);
    assert!(guest.peak_memory() <= 64 << 20);
}

#[test]
fn garbage_alone_stays_far_below_the_limit() {
    let mut guest = start(&GoGrant::new().memory(16 << 20));
    guest.integer("churn", &[2000]);
    assert!(guest.peak_memory() <= 12 << 20, "{}", guest.peak_memory());
}
