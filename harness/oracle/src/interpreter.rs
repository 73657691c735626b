//! The standalone interpreter `lua`.
//!
//! It makes the calls that `lua.c` makes, and not those of mlua's safe interface,
//! which puts functions of its own in place of `pcall` and frames of its own into
//! tracebacks.

use crate::allocator::{Memory, allocate};
use mlua_sys::*;
use std::ffi::{c_char, c_int, c_void};
use std::io::Write;
#[cfg(not(any(feature = "luajit", feature = "luau")))]
use std::sync::atomic::Ordering;

/// What is run.
pub struct Script {
    /// `arg[-1]`
    pub program: Vec<u8>,
    /// The file's name, `arg[0]`.
    pub name: Vec<u8>,
    /// What is in the file.
    pub code: Vec<u8>,
    /// The script's arguments.
    pub args: Vec<Vec<u8>>,
}

/// How it went.
pub struct Ran {
    /// Whether it ran to its end.
    pub ok: bool,
    /// Whether it ran out of memory.
    pub out_of_memory: bool,
}

struct Call<'a> {
    script: &'a Script,
    ran: Ran,
}

/// Runs a script in a new state, with a bound on its memory or with Lua's own
/// allocator.
pub fn run(script: &Script, memory: Option<&Memory>) -> Ran {
    let mut call = Call { script, ran: Ran { ok: false, out_of_memory: false } };
    // SAFETY: the state is used by this thread only, `pmain` gets the pointer that
    // it expects, and `call` and `memory` outlive the state.
    unsafe {
        let state = match memory {
            Some(memory) => new_state(memory),
            None => luaL_newstate(),
        };
        if state.is_null() {
            report_text(b"cannot create state: not enough memory");
            return Ran { ok: false, out_of_memory: true };
        }
        lua_pushcfunction(state, pmain);
        lua_pushlightuserdata(state, (&raw mut call).cast::<c_void>());
        let status = lua_pcall(state, 1, 0, 0);
        if status != LUA_OK {
            call.ran = Ran { ok: false, out_of_memory: status == LUA_ERRMEM };
            report(state);
        }
        lua_close(state);
    }
    call.ran
}

/// A state whose memory is counted.
#[cfg(not(any(feature = "luajit", feature = "luau")))]
unsafe fn new_state(memory: &Memory) -> *mut lua_State {
    // SAFETY: the allocator of `luaL_newstate` is `realloc` too, so blocks can be
    // handed on; `memory` is what `allocate` expects.
    unsafe {
        let state = luaL_newstate();
        if !state.is_null() {
            let used =
                lua_gc(state, LUA_GCCOUNT, 0) as u64 * 1024 + lua_gc(state, LUA_GCCOUNTB, 0) as u64;
            memory.used.store(used, Ordering::Relaxed);
            lua_setallocf(state, allocate, (&raw const *memory).cast_mut().cast());
        }
        state
    }
}

/// A state whose memory is counted.
#[cfg(any(feature = "luajit", feature = "luau"))]
unsafe fn new_state(memory: &Memory) -> *mut lua_State {
    // SAFETY: `memory` is what `allocate` expects.
    unsafe { lua_newstate(allocate, (&raw const *memory).cast_mut().cast()) }
}

unsafe extern "C-unwind" fn pmain(state: *mut lua_State) -> c_int {
    // SAFETY: called by Lua with the call of `run` at index 1; all that is done
    // here is what `lua.c` does at the same place.
    unsafe {
        let call = &mut *lua_touserdata(state, 1).cast::<Call<'_>>();
        let script = call.script;
        let count = script.args.len() as c_int;
        luaL_openlibs(state);
        create_arg_table(state, script);
        #[cfg(any(feature = "lua54", feature = "lua55"))]
        {
            lua_gc(state, LUA_GCGEN, 0, 0);
            lua_warning(state, c"@off".as_ptr(), 0);
        }
        let status = load(state, script);
        if status != LUA_OK {
            call.ran.out_of_memory = status == LUA_ERRMEM;
            report(state);
            return 0;
        }
        luaL_checkstack(state, count + 3, c"too many arguments to script".as_ptr());
        for arg in &script.args {
            push_bytes(state, arg);
        }
        let base = lua_gettop(state) - count;
        lua_pushcfunction(state, message_handler);
        lua_insert(state, base);
        let status = lua_pcall(state, count, LUA_MULTRET, base);
        lua_remove(state, base);
        call.ran.ok = status == LUA_OK;
        if status != LUA_OK {
            #[cfg(any(feature = "lua51", feature = "luajit"))]
            lua_gc(state, LUA_GCCOLLECT, 0);
            call.ran.out_of_memory = status == LUA_ERRMEM;
            report(state);
        }
        0
    }
}

/// Loads the script as `luaL_loadfile` does.
unsafe fn load(state: *mut lua_State, script: &Script) -> c_int {
    let mut code = script.code.as_slice();
    // 5.1 knows no byte-order mark.
    if cfg!(not(feature = "lua51")) {
        code = code.strip_prefix(b"\xef\xbb\xbf").unwrap_or(code);
    }
    if code.starts_with(b"#") {
        let end = code.iter().position(|&byte| byte == b'\n').unwrap_or(code.len());
        code = &code[end..];
    }
    let mut name = vec![b'@'];
    name.extend(script.name.iter().filter(|&&byte| byte != 0));
    name.push(0);
    // SAFETY: the name ends with a zero, and both live until the call returns.
    unsafe {
        luaL_loadbuffer(state, code.as_ptr().cast::<c_char>(), code.len(), name.as_ptr().cast())
    }
}

unsafe fn push_bytes(state: *mut lua_State, bytes: &[u8]) {
    // SAFETY: the bytes are copied.
    unsafe {
        lua_pushlstring(state, bytes.as_ptr().cast::<c_char>(), bytes.len());
    }
}

/// `arg`, with the script at 0.
unsafe fn create_arg_table(state: *mut lua_State, script: &Script) {
    // SAFETY: a table is pushed before its elements, and there is room for both.
    unsafe {
        lua_createtable(state, script.args.len() as c_int, 2);
        push_bytes(state, &script.program);
        lua_rawseti(state, -2, -1);
        push_bytes(state, &script.name);
        lua_rawseti(state, -2, 0);
        for (index, arg) in (1..).zip(&script.args) {
            push_bytes(state, arg);
            lua_rawseti(state, -2, index);
        }
        lua_setglobal(state, c"arg".as_ptr());
    }
}

/// Writes the message on top of the stack, as `lua` writes it.
unsafe fn report(state: *mut lua_State) {
    // SAFETY: the string stays on the stack while it is written.
    unsafe {
        let silent = cfg!(any(feature = "lua51", feature = "lua52", feature = "luajit"));
        if silent && lua_isnil(state, -1) != 0 {
            return;
        }
        let mut size = 0;
        let text = lua_tolstring(state, -1, &mut size);
        if text.is_null() {
            report_text(NOT_A_STRING);
        } else {
            let text = std::slice::from_raw_parts(text.cast::<u8>(), size);
            report_text(text.split(|&byte| byte == 0).next().unwrap_or_default());
        }
    }
}

fn report_text(text: &[u8]) {
    // SAFETY: this flushes every stream of the C library.
    unsafe { libc::fflush(std::ptr::null_mut()) };
    let mut line = b"lua: ".to_vec();
    line.extend_from_slice(text);
    line.push(b'\n');
    let _ = std::io::stderr().lock().write_all(&line);
}

const NOT_A_STRING: &[u8] = if cfg!(any(feature = "lua54", feature = "lua55")) {
    b"(error message not a string)"
} else {
    b"(error object is not a string)"
};

#[cfg(any(feature = "lua51", feature = "luajit"))]
unsafe extern "C-unwind" fn message_handler(state: *mut lua_State) -> c_int {
    // SAFETY: as in `traceback` of the `lua.c` of 5.1.
    unsafe {
        if lua_isstring(state, 1) == 0 {
            return 1;
        }
        lua_getglobal(state, c"debug".as_ptr());
        if lua_istable(state, -1) == 0 {
            lua_settop(state, -2);
            return 1;
        }
        lua_getfield(state, -1, c"traceback".as_ptr());
        if lua_isfunction(state, -1) == 0 {
            lua_settop(state, -3);
            return 1;
        }
        lua_pushvalue(state, 1);
        lua_pushinteger(state, 2);
        lua_call(state, 2, 1);
        1
    }
}

#[cfg(feature = "luau")]
unsafe extern "C-unwind" fn message_handler(state: *mut lua_State) -> c_int {
    // SAFETY: the message is at index 1.
    unsafe {
        let text = luaL_tolstring(state, 1, std::ptr::null_mut());
        luaL_traceback(state, state, text, 1);
        1
    }
}

#[cfg(not(any(feature = "lua51", feature = "luajit", feature = "luau")))]
unsafe extern "C-unwind" fn message_handler(state: *mut lua_State) -> c_int {
    // SAFETY: as in `msghandler` of `lua.c`.
    unsafe {
        let mut text = lua_tostring(state, 1);
        if text.is_null() {
            let nil = cfg!(feature = "lua52") && lua_isnoneornil(state, 1) != 0;
            if nil
                || luaL_callmeta(state, 1, c"__tostring".as_ptr()) != 0
                    && (cfg!(feature = "lua52") || lua_type(state, -1) == LUA_TSTRING)
            {
                return 1;
            }
            if cfg!(feature = "lua52") {
                lua_pushstring(state, c"(no error message)".as_ptr());
                return 1;
            }
            lua_pushfstring(
                state,
                c"(error object is a %s value)".as_ptr(),
                luaL_typename(state, 1),
            );
            text = lua_tostring(state, -1);
        }
        luaL_traceback(state, state, text, 1);
        1
    }
}
