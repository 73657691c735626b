//! The standalone interpreter `lua`, for scripts with arguments and nothing else.
//!
//! It makes the calls that `lua.c` makes, and not those of mlua's safe interface,
//! which puts functions of its own in place of `pcall` and frames of its own into
//! tracebacks.

use mlua::ffi::*;
use std::ffi::{CStr, CString, c_int, c_void};
use std::io::Write;
use std::os::unix::ffi::OsStrExt;
use std::process::ExitCode;

type Args = Vec<CString>;

fn main() -> ExitCode {
    let args: Args = std::env::args_os()
        .map(|arg| CString::new(arg.as_bytes()).expect("arguments have no zero bytes"))
        .collect();
    if args.len() < 2 {
        eprintln!("usage: luago-oracle SCRIPT [ARGS]...");
        return ExitCode::from(2);
    }
    // SAFETY: the state is used by this thread only, `pmain` gets the pointer that
    // it expects, and `args` outlives the call.
    unsafe {
        let state = luaL_newstate();
        lua_pushcfunction(state, pmain);
        lua_pushlightuserdata(state, (&raw const args).cast_mut().cast::<c_void>());
        let status = lua_pcall(state, 1, 1, 0);
        let ok = status == LUA_OK && lua_toboolean(state, -1) != 0;
        if status != LUA_OK {
            report(state);
        }
        lua_close(state);
        if ok { ExitCode::SUCCESS } else { ExitCode::FAILURE }
    }
}

unsafe extern "C-unwind" fn pmain(state: *mut lua_State) -> c_int {
    // SAFETY: called by Lua with the arguments of `main` at index 1; all that is
    // done here is what `lua.c` does at the same place.
    unsafe {
        let args = &*lua_touserdata(state, 1).cast::<Args>();
        luaL_openlibs(state);
        create_arg_table(state, args);
        #[cfg(any(feature = "lua54", feature = "lua55"))]
        lua_gc(state, LUA_GCGEN, 0, 0);
        if luaL_loadfile(state, args[1].as_ptr()) != LUA_OK {
            report(state);
            return 0;
        }
        luaL_checkstack(state, args.len() as c_int + 3, c"too many arguments to script".as_ptr());
        for arg in &args[2..] {
            lua_pushstring(state, arg.as_ptr());
        }
        let base = lua_gettop(state) - (args.len() as c_int - 2);
        lua_pushcfunction(state, message_handler);
        lua_insert(state, base);
        let status = lua_pcall(state, args.len() as c_int - 2, LUA_MULTRET, base);
        lua_remove(state, base);
        if status != LUA_OK {
            report(state);
            return 0;
        }
        lua_pushboolean(state, 1);
        1
    }
}

/// `arg`, with the script at 0.
unsafe fn create_arg_table(state: *mut lua_State, args: &Args) {
    // SAFETY: a table is pushed before its elements, and there is room for both.
    unsafe {
        lua_createtable(state, args.len() as c_int, 1);
        for (index, arg) in args.iter().enumerate() {
            lua_pushstring(state, arg.as_ptr());
            lua_rawseti(state, -2, (index as c_int - 1).into());
        }
        lua_setglobal(state, c"arg".as_ptr());
    }
}

/// Writes the message on top of the stack, as `lua` writes it.
unsafe fn report(state: *mut lua_State) {
    // SAFETY: the string stays on the stack while it is written.
    unsafe {
        let silent = cfg!(any(feature = "lua51", feature = "lua52"));
        if silent && lua_isnil(state, -1) != 0 {
            return;
        }
        let text = lua_tostring(state, -1);
        let text = if text.is_null() { NOT_A_STRING.as_ptr() } else { text };
        let mut err = std::io::stderr().lock();
        let _ = err.write_all(b"lua: ");
        let _ = err.write_all(CStr::from_ptr(text).to_bytes());
        let _ = err.write_all(b"\n");
    }
}

const NOT_A_STRING: &CStr = if cfg!(any(feature = "lua54", feature = "lua55")) {
    c"(error message not a string)"
} else {
    c"(error object is not a string)"
};

#[cfg(feature = "lua51")]
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

#[cfg(not(feature = "lua51"))]
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
