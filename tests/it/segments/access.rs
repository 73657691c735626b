//! Segments that a guest can only read.

use super::guests::{granted, lua_only, sandbox};
use luago::{Access, GoGrant, Restart, Segment, Sharing};
use luago_test_support::sandboxes::{call, result, run};

const WROTE: &str = "the Go guest 'a' wrote to a segment that it was granted only to read";

/// What Go says of a write to a segment that it can only read, and that nothing else is
/// harmed by it.
fn ends_the_guest(sharing: Sharing, function: &str) {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("bytes"), [0x5a; 30_000]).unwrap();
    let grant = GoGrant::new().dir(folder.path(), "/data", Access::ReadWrite);
    let mut sandbox = granted("5.4", sharing, grant.restart(Restart::OnFailure));
    let segment = Segment::new(20_000).unwrap();
    segment.write_at(0, &[7; 20_000]).unwrap();
    // Where it may be written it works, so that the rest is no other failure.
    let own = Segment::new(20_000).unwrap();
    let count: usize = call(&mut sandbox, &format!("return a.{function}(...)"), &own).unwrap();
    assert!(count > 0);
    let arguments = (segment.read_only(), &segment);
    let why: String = call(
        &mut sandbox,
        &format!(
            "read, write = ...
             assert(a.length(read) == 20000 and b.sum(read) == 140000)
             local why = caught(a.{function}, read)
             assert(read:string() == ('\\7'):rep(20000), 'it was changed')
             assert(b.sum(read) == 140000 and b.sum(write) == 140000)
             return why"
        ),
        arguments,
    )
    .unwrap();
    assert!(why.contains(WROTE), "{function}: {why}");
    assert_eq!(segment.to_vec().unwrap(), [7; 20_000], "{function}");
    run(
        &mut sandbox,
        "assert(a.sum(read) == 140000 and a.by_store(write) == 1 and write:u8(-1) == 0x5a)
         assert(b.sum(read) == 140000 - 7 + 0x5a)",
    );
    sandbox.close().unwrap();
}

for_each_sharing! {
    fn a_store_of_go_ends_it(sharing) { ends_the_guest(sharing, "by_store"); }
    fn a_copy_of_go_ends_it(sharing) { ends_the_guest(sharing, "by_copy"); }
    fn a_clear_of_go_ends_it(sharing) { ends_the_guest(sharing, "by_clear"); }

    fn random_bytes_for_go_do_not_get_there(sharing) {
        refused_or_ended(sharing, "by_random");
    }

    fn files_that_go_reads_do_not_get_there(sharing) {
        refused_or_ended(sharing, "by_file");
    }

    fn a_guest_that_has_died_of_a_write_stays_dead(sharing) {
        let mut sandbox = sandbox("5.4", sharing);
        let why: Vec<String> = result(&mut sandbox, "
            s = luago.segment(100)
            local r = s:read_only()
            return {caught(a.write_read_only, r), caught(a.sum, s), caught(a.length, r)}");
        assert!(why.iter().all(|why| why.contains(WROTE)), "{why:?}");
        run(&mut sandbox, "assert(b.sum(s) == 0) s:u8(1, 1) assert(b.sum(s) == 1)");
    }

    fn what_go_may_only_read_can_be_written_to_files(sharing) {
        let folder = tempfile::tempdir().unwrap();
        let grant = GoGrant::new().dir(folder.path(), "/data", Access::ReadWrite);
        let mut sandbox = granted("5.4", sharing, grant);
        let segment = Segment::new(20_000).unwrap();
        segment.write_at(19_999, b"z").unwrap();
        let written: usize =
            call(&mut sandbox, "return a.to_file(...)", segment.read_only()).unwrap();
        assert_eq!(written, 20_000);
        assert_eq!(std::fs::read(folder.path().join("written")).unwrap(), segment.to_vec().unwrap());
    }

    fn a_worker_that_writes_dies_alone(sharing) {
        let mut sandbox = granted("5.4", sharing, GoGrant::new().workers(2).restart(Restart::OnFailure));
        let segment = Segment::new(20_000).unwrap();
        let why: String = call(&mut sandbox, "
            local s = ...
            return caught(a.scribble, s)", segment.read_only().sub(..).unwrap()).unwrap_or_else(|e| e.to_string());
        assert!(why.contains(WROTE), "{why}");
        assert_eq!(segment.to_vec().unwrap(), [0; 20_000]);
        run(&mut sandbox, "assert(a.sum_task(luago.segment(5)) == 0)");
    }
}

/// The host itself writes there for Go: it says that it cannot, or Go ends.
fn refused_or_ended(sharing: Sharing, function: &str) {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("bytes"), [0x5a; 30_000]).unwrap();
    let grant = GoGrant::new().dir(folder.path(), "/data", Access::ReadOnly);
    let mut sandbox = granted("5.4", sharing, grant.restart(Restart::OnFailure));
    let segment = Segment::new(20_000).unwrap();
    segment.write_at(0, &[7; 20_000]).unwrap();
    let _: String = call(
        &mut sandbox,
        &format!("read, write = ... return caught(a.{function}, read)"),
        (segment.read_only(), &segment),
    )
    .unwrap();
    assert_eq!(segment.to_vec().unwrap(), [7; 20_000], "{function}");
    let count: i64 =
        result(&mut sandbox, &format!("assert(b.sum(read) == 140000) return a.{function}(write)"));
    assert_eq!(count, 20_000);
    assert!(segment.to_vec().unwrap() != [7; 20_000], "{function} works where it may");
}

for_each_sharing! {
    fn a_write_through_a_handle_to_read_is_an_error_in_lua(lua, sharing) {
        let mut sandbox = lua_only(lua, sharing);
        let segment = Segment::new(64).unwrap();
        call::<()>(&mut sandbox, "
            local s = ...
            assert(s:is_read_only() and s:read_only() == s and s:sub(2):is_read_only())
            local other, L = luago.segment(64), luago.struct{{'a', 'u8'}, {'b', 'u16', 2}}
            for _, write in ipairs {
                function() s:u8(1, 1) end, function() s:f64(1, 1) end, function() s:write(1, 'x') end,
                function() s:fill(1) end, function() s:copy('x') end, function() s:copy(other) end,
                function() s:sub(3):u8(1, 1) end, function() s:array('u8')[1] = 1 end,
                function() s:array('f64'):fill(1) end, function() s:array('i16'):copy {1} end,
                function() s:array('u8'):sub(2):fill(9) end, function() L:at(s).a = 1 end,
                function() L:at(s).b[1] = 1 end, function() L:write(L:at(s), {a = 1}) end,
                function() L:array(s)[1] = {a = 1} end, function() L:array(s)[2].a = 1 end,
                function() s:array('u8'):segment():fill(1) end, function() luago.ring(64, s:sub(1)) end,
            } do pcall(write) assert(s:string() == ('\\0'):rep(64)) end
            says('the segment is read-only', s.u8, s, 1, 1)
            says('the segment is read-only', s.fill, s, 1)
            other:fill(5)
            local r = other:read_only()
            says('the segment is read-only', r.write, r, 1, 'x')
            other:u8(1, 6)
            hand_over()
            assert(r:u8(1) == 6)
            other:copy(s)
            hand_over()
            assert(r:string() == s:string())", segment.read_only()).unwrap();
        assert_eq!(segment.to_vec().unwrap(), [0; 64]);
    }

    fn the_host_and_those_who_may_write_can_while_others_only_read(lua, sharing) {
        let mut sandbox = sandbox(lua, sharing);
        let segment = Segment::new(64).unwrap();
        call::<()>(&mut sandbox, "
            s, r = ...
            s:u8(1, 1)
            hand_over()
            assert(r:u8(1) == 1 and a.is_read_only(r) and not a.is_read_only(s))
            b.fill(s, 2)
            assert(r:u8(64) == 2 and a.sum(r) == 128)
            local q = a.read_only(s)
            assert(q:is_read_only() and q == r and a.sub(r, 1, 2):is_read_only())
            says('the segment is read-only', a.write_at, r)
            a.write_at(s)", (&segment, segment.read_only())).unwrap();
        segment.write_at(9, &[200]).unwrap();
        run(&mut sandbox, "assert(r:u8(10) == 200 and s:u8(10) == 200 and b.sum(r) == a.sum(s))");
        let back: Segment = result(&mut sandbox, "return r");
        assert!(back.is_read_only() && back.write_at(0, &[1]).unwrap_err().is_read_only());
    }
}
