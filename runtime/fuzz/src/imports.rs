//! What guests can import, with the types of parameters and results: `i` is `i32`, `I` is
//! `i64`, `F` is `f64`.

/// A function that guests can import.
#[derive(Clone, Copy)]
pub struct Import {
    pub module: &'static str,
    pub name: &'static str,
    pub params: &'static str,
    pub results: &'static str,
}

/// What both kinds of guests can import of the module `luago`.
const SEGMENTS: &str = "segment_new i:i segment_map i:I segment_window ii:i segment_flags i:I
    segment_read_only i:i segment_drop ii: segment_sync i: segment_fence : segment_error ii:i
    ring_wait iiii:i ring_unwait iii: ring_wake iii:";

/// What an interpreter can import of the module `luago` besides.
const LUAGO: &str = "write iii:i read iii:i is_terminal i:i source_open ii:i source_take ii:i
    commands :i command_run ii:i command_start iii:i command_close ii:i command_refusal ii:i
    temp_dir ii:i change_dir ii:i working_dir ii:i file_mode iii:i lock iiII:i cpu_seconds :F
    entropy :I stopped : call i:i start ii:i result i:i frame ii:
    large iiii: taken i: drop i: problem ii:i released ii:i wait i:i completed :i cancel :
    abandon ii: timer iF: now :F event iii: guest ii:i next_value ii:i drop_stream i:
    next_call :i answer ii: output :";

/// What both kinds of guests can import of WASI.
const WASI: &str = "environ_get ii:i environ_sizes_get ii:i fd_close i:i fd_fdstat_get ii:i
    fd_fdstat_set_flags ii:i fd_prestat_dir_name iii:i fd_prestat_get ii:i fd_read iiii:i
    fd_readdir iiiIi:i fd_renumber ii:i fd_seek iIii:i fd_write iiii:i
    path_create_directory iii:i path_filestat_get iiiii:i path_filestat_set_times iiiiIIi:i
    path_link iiiiiii:i path_open iiiiiIIii:i path_readlink iiiiii:i
    path_remove_directory iii:i path_rename iiiiii:i path_symlink iiiii:i path_unlink_file iii:i clock_time_get iIi:i proc_exit i:";

/// What a Go guest can import of WASI besides.
const MORE_WASI: &str = "args_get ii:i args_sizes_get ii:i fd_advise iIIi:i fd_allocate iII:i
    fd_datasync i:i fd_fdstat_set_rights iII:i fd_filestat_get ii:i fd_filestat_set_size iI:i
    fd_filestat_set_times iIIi:i fd_pread iiiIi:i fd_pwrite iiiIi:i fd_sync i:i fd_tell ii:i
    clock_res_get ii:i random_get ii:i proc_raise i:i sched_yield :i sock_accept iii:i sock_recv iiiiii:i
    sock_send iiiii:i sock_shutdown ii:i poll_oneoff iiii:i";

/// Where the host defines functions. What is defined there and not named above was forgotten.
const SOURCES: [&str; 7] = [
    include_str!("../../src/lua/imports.rs"),
    include_str!("../../src/lua/command_imports.rs"),
    include_str!("../../src/lua/bridge_imports.rs"),
    include_str!("../../src/memory/imports.rs"),
    include_str!("../../src/host/wasi.rs"),
    include_str!("../../src/go/wasi.rs"),
    include_str!("../../src/go/poll.rs"),
];

fn list(module: &'static str, text: &'static str) -> Vec<Import> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let import = |pair: &[&'static str]| {
        let (params, results) = pair[1].split_once(':').expect("a signature has a colon");
        Import { module, name: pair[0], params, results }
    };
    words.chunks(2).map(import).collect()
}

/// Everything that an interpreter of Lua can import.
pub fn of_lua() -> Vec<Import> {
    let wasi = list("wasi_snapshot_preview1", WASI);
    [list("luago", LUAGO), list("luago", SEGMENTS), wasi].concat()
}

/// Everything that a Go guest can import.
pub fn of_go() -> Vec<Import> {
    let more = list("wasi_snapshot_preview1", MORE_WASI);
    [list("luago", SEGMENTS), list("wasi_snapshot_preview1", WASI), more].concat()
}

/// What the guest imports that is to send much and to call little.
pub fn of_sender() -> Vec<Import> {
    const NAMES: [&str; 4] = ["environ_get", "fd_write", "clock_time_get", "poll_oneoff"];
    let mut imports = of_go();
    imports.retain(|import| import.module == "luago" || NAMES.contains(&import.name));
    imports
}

/// Panics if the host has functions that are not in these lists.
pub fn check() {
    let known: Vec<&str> = of_lua().iter().chain(&of_go()).map(|import| import.name).collect();
    for source in SOURCES {
        let wrapped = source.split("func_wrap(").skip(1).filter_map(|text| {
            let arguments = text.split(['(', ')', '|']).next()?;
            arguments.split('"').rfind(|part| {
                part.len() > 2 && part.bytes().all(|b| b.is_ascii_lowercase() || b == b'_')
            })
        });
        // Those of WASI are in a macro's table.
        let linked = source.lines().filter_map(|line| {
            let (name, _) = line.trim_start().split_once('(')?;
            let is_file = name.starts_with("fd_") || name.starts_with("path_");
            (is_file && !name.contains([' ', '.', ':', '!'])).then_some(name)
        });
        for name in wrapped.chain(linked) {
            assert!(known.contains(&name), "{name} is missing in runtime/fuzz/src/imports.rs");
        }
    }
}
