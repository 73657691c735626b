//! What code that is compiled from bytecode of Lua 5.4 and 5.5 knows of the interpreter: where the
//! fields of its structures are, which `guests/lua/compiled.c` asserts, and how such code ends.

facts! {
    /// How compiled code ends.
    pub mod status (c "COMPILED") {
        /// The function has returned.
        RETURNED: i32 = 0;
        /// The interpreter goes on with the current frame.
        INTERPRET: i32 = 1;
        /// An error or a yield is on its way to whoever handles it.
        LEAVING: i32 = 2;
        /// The current frame is that of another function of Lua, which begins: a tail call.
        CALLED: i32 = 3;
    }
}

facts! {
    /// What is asked about two values.
    pub mod comparison (c "COMPARISON") {
        /// Whether they are equal.
        EQUAL: i32 = 0;
        /// Whether the first is less.
        LESS: i32 = 1;
        /// Whether the first is less, or they are equal.
        LESS_OR_EQUAL: i32 = 2;
    }
}

facts! {
    /// What compiled code keeps to.
    pub mod limit (c "") {
        /// How many frames of compiled code may be inside each other: each takes some of the
        /// host's stack.
        MAX_COMPILED_DEPTH: u32 = 128;
    }
}

facts! {
    /// What the guest tells of a function that is to be compiled, as 32 bits each.
    pub mod function (c "COMPILE") {
        /// The address of its instructions.
        CODE: u32 = 0;
        /// Their number.
        CODE_LEN: u32 = 4;
        /// The address of its constants.
        CONSTANTS: u32 = 8;
        /// Their number.
        CONSTANTS_LEN: u32 = 12;
        /// How many parameters it has.
        PARAMETERS: u32 = 16;
        /// Whether it takes more than these.
        IS_VARIADIC: u32 = 20;
        /// How many registers it has.
        REGISTERS: u32 = 24;
        /// The instruction at which it is entered.
        ENTRY: u32 = 28;
        /// The address of what is known of its local variables.
        LOCALS: u32 = 32;
        /// Their number.
        LOCALS_LEN: u32 = 36;
        /// The address of the values of its registers, for a loop that is running, or 0.
        VALUES: u32 = 40;
        /// One bit for each register: whether a function inside of it refers to that.
        CAPTURED: u32 = 44;
        /// The version of Lua, as `LUA_VERSION_NUM`.
        VERSION: u32 = 76;
        /// The bytes of all this.
        SIZE: u32 = 80;
    }
}

facts! {
    /// The local variable of a function, `LocVar`.
    pub mod local (c "LOCAL") {
        /// The first instruction that sees it.
        FROM: u32 = 4;
        /// The first that does not any more.
        TO: u32 = 8;
        /// The bytes of one.
        SIZE: u32 = 12;
    }
}

facts! {
    /// What makes a frame look up, in its trap.
    pub mod trap (c "TRAP") {
        /// Its registers were changed.
        CHANGED: u32 = 2;
    }
}

facts! {
    /// A value.
    pub mod value (c "VALUE") {
        /// The value itself, 64 bits.
        PAYLOAD: u32 = 0;
        /// Its tag, 8 bits.
        TAG: u32 = 8;
        /// The bytes of a value.
        SIZE: u32 = 16;
    }
}

facts! {
    /// The tags of values.
    pub mod tag (c "VALUE_TAG") {
        /// Nil.
        NIL: u32 = 0x00;
        /// False.
        FALSE: u32 = 0x01;
        /// True.
        TRUE: u32 = 0x11;
        /// An integer.
        INTEGER: u32 = 0x03;
        /// A float.
        FLOAT: u32 = 0x13;
        /// A string that is kept once.
        SHORT_STRING: u32 = 0x44;
        /// Another string.
        LONG_STRING: u32 = 0x54;
        /// A table.
        TABLE: u32 = 0x45;
        /// A function of Lua.
        LUA_FUNCTION: u32 = 0x46;
        /// The bit of values that are collected.
        COLLECTED: u32 = 0x40;
        /// The bits that say that a value is some nil, if none of them is set.
        KIND: u32 = 0x0f;
    }
}

facts! {
    /// The thread, `lua_State`.
    pub mod thread (c "THREAD") {
        /// The first free value of its stack.
        TOP: u32 = 12;
        /// The frame that runs.
        FRAME: u32 = 20;
        /// The end of its stack.
        STACK_LAST: u32 = 24;
        /// Which hooks there are.
        HOOK_MASK: u32 = 112;
    }
}

facts! {
    /// The frame, `CallInfo`.
    pub mod call_info (c "CALL_INFO") {
        /// The function, before the first register.
        FUNCTION: u32 = 0;
        /// The end of its registers.
        TOP: u32 = 4;
        /// The frame of the caller.
        PREVIOUS: u32 = 8;
        /// The frame for whatever is called.
        NEXT: u32 = 12;
        /// The next instruction.
        SAVED_PC: u32 = 16;
        /// Whether something is to be looked at.
        TRAP: u32 = 20;
        /// How many results the caller wants: in 5.4 16 bits, with its state in the 16 bits
        /// after them; in 5.5 one more than that number in the lowest 8 of 32 bits.
        RESULTS: u32 = 32;
    }
}

facts! {
    /// The function, `LClosure`.
    pub mod closure (c "CLOSURE") {
        /// Its prototype.
        PROTO: u32 = 12;
        /// The first of its upvalues.
        UPVALUES: u32 = 16;
    }
}

facts! {
    /// The prototype of a function, `Proto`.
    pub mod proto (c "PROTO") {
        /// Its parameters, 8 bits.
        PARAMETERS: u32 = 6;
        /// Its registers, 8 bits.
        REGISTERS: u32 = 8;
        /// Its constants.
        CONSTANTS: u32 = 48;
        /// Its instructions.
        CODE: u32 = 52;
        /// The place of its compiled code in the table of functions, or 0.
        COMPILED: u32 = 84;
    }
}

facts! {
    /// The upvalue, `UpVal`.
    pub mod upvalue (c "UPVALUE") {
        /// The address of its value.
        VALUE: u32 = 8;
    }
}

facts! {
    /// The table, `Table`.
    pub mod table (c "TABLE") {
        /// The color that it has for the collector, 8 bits.
        MARKED: u32 = 5;
        /// The bit of that for a table that must not get what was not seen.
        BLACK: u32 = 0x20;
        /// The flags of metamethods that its own table does not have, 8 bits.
        FLAGS: u32 = 6;
        /// The logarithm of the number of its nodes, 8 bits.
        LOG_NODES: u32 = 7;
        /// How many values its array has at least.
        ARRAY_LEN: u32 = 8;
        /// Its array.
        ARRAY: u32 = 12;
        /// Its nodes.
        NODES: u32 = 16;
        /// Its metatable.
        METATABLE: u32 = 24;
    }
}

facts! {
    /// An element of a table's array in 5.5, where payloads stand in front of the array's address,
    /// the first one last, and tags behind it.
    pub mod split_array (c "SPLIT_ARRAY") {
        /// How far in front of the address the first payload is; the bytes of one.
        PAYLOAD: u32 = 8;
        /// How far behind the address the first tag is.
        TAG: u32 = 4;
    }
}

facts! {
    /// The node of a table, which begins with its value.
    pub mod node (c "NODE") {
        /// The tag of its key, 8 bits.
        KEY_TAG: u32 = 9;
        /// How far away the next node is that could have the key.
        NEXT: u32 = 12;
        /// Its key.
        KEY: u32 = 16;
        /// The bytes of a node.
        SIZE: u32 = 24;
    }
}

facts! {
    /// The string, `TString`.
    pub mod string (c "STRING") {
        /// Its hash.
        HASH: u32 = 8;
    }
}
