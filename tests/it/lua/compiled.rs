//! Functions that are compiled do what they do interpreted.

use luago::{Compile, End, Engine, Error, Limits, LuaVersion, OutputBuffer, Sandbox, Script, Stop};
use luago_test_support::folders::compile_cache;
use std::sync::OnceLock;
use std::time::{Duration, Instant};

/// The versions whose functions are compiled.
const COMPILED: [LuaVersion; 2] = [LuaVersion::Lua54, LuaVersion::Lua55];

/// One engine for each setting.
fn engine(compile: Compile) -> &'static Engine {
    static ENGINES: [OnceLock<Engine>; 3] = [const { OnceLock::new() }; 3];
    ENGINES[compile as usize].get_or_init(|| {
        let builder = Engine::builder().cache_dir(compile_cache()).max_sandboxes(64);
        builder.compile(compile).build().unwrap()
    })
}

fn limits() -> Limits {
    Limits::default().deadline(Duration::from_secs(120))
}

fn sandbox(lua: LuaVersion, compile: Compile) -> Sandbox {
    Sandbox::builder(engine(compile)).lua(lua).limits(limits()).build().unwrap()
}

/// What a script prints, or why it failed.
fn printed(lua: LuaVersion, compile: Compile, code: &str) -> (String, Sandbox) {
    let output = OutputBuffer::new();
    let builder = Sandbox::builder(engine(compile)).lua(lua).limits(limits());
    let mut sandbox = builder.stdout(output.clone()).stderr(output.clone()).build().unwrap();
    let outcome = sandbox.run(&Script::new("test", code)).unwrap();
    let end = match outcome.end {
        End::Returned => String::new(),
        end => format!("{end:?}"),
    };
    (String::from_utf8_lossy(&output.contents()).into_owned() + &end, sandbox)
}

#[track_caller]
fn same(code: &str) {
    COMPILED.into_iter().for_each(|lua| same_in(lua, code));
}

#[track_caller]
fn same_in(lua: LuaVersion, code: &str) {
    let (interpreted, sandbox) = printed(lua, Compile::Off, code);
    assert_eq!(sandbox.usage().compiled, 0);
    let (compiled, sandbox) = printed(lua, Compile::Eager, code);
    assert_eq!(compiled, interpreted, "Lua {lua}: {code}");
    assert!(sandbox.usage().compiled > 0, "Lua {lua}: {code}");
}

#[test]
fn numbers_are_the_same_however_their_types_change() {
    same(
        "local function f(a, b) return a + b, a - b, a * b, a / b, a % b, a // b, a ^ 2, -a end
         local numbers = {1, 2.5, -3, 0.0, -0.0, 1 / 0, -1 / 0, 0 / 0, math.maxinteger,
           math.mininteger, 1e300, 7, '10', '0x10', '1e1'}
         for _, a in ipairs(numbers) do for _, b in ipairs(numbers) do
           print(pcall(f, a, b))
           print(pcall(function() return a & b, a | b, a ~ b, a << b, a >> b, ~a end))
           print(pcall(function() return a < b, a <= b, a == b, a < 1, a >= 2, a == 7 end))
         end end
         local sum = 0
         for i = 1, 200 do if i == 100 then sum = sum + 0.5 else sum = sum + i end end
         print(sum)
         local changing = 1
         for i = 1, 20 do
           if i % 3 == 0 then changing = tostring(changing) elseif i % 3 == 1 then changing = changing + 0.5
           else changing = math.tointeger(changing) or 3 end
           print(i, changing, math.type(changing))
         end",
    );
}

#[test]
fn loops_run_as_often_whatever_their_bounds_are() {
    same(
        "for _, b in ipairs {{1, 3, 1}, {3, 1, -1}, {1, 0, 1}, {1, 2.9, 1}, {1.0, 2, 0.5},
           {math.maxinteger - 1, math.maxinteger, 1}, {math.mininteger + 1, math.mininteger, -1},
           {1, math.huge, 1 << 61}, {3, -math.huge, -(1 << 61)}, {1, 10, 4}, {10, 1, -4}} do
           local n = 0
           for i = b[1], b[2], b[3] do n = n + 1 io.write(tostring(i), ' ') end
           print(n)
         end
         print(pcall(function() for i = 1, 10, 0 do end end))
         print(pcall(function() for i = 'x', 10 do end end))
         for i = 1, 3 do local n = i local f = function() n = n + i return n end print(f(), f(), n) end
         -- Such a variable is a constant in 5.5.
         print((load 'for i = 1, 3 do local f = function() i = i + 1 return i end print(f(), f(), i) end' or print)())
         for i = 10, 1, -3 do for j = i, 12, 5 do io.write(i * j, ' ') end end print()",
    );
}

#[test]
fn metamethods_closures_varargs_and_gotos_are_the_same() {
    same(
        "local meta = {__index = function(_, k) return k .. '!' end, __newindex = rawset,
           __add = function() return 'add' end, __lt = function() return true end,
           __le = function() return false end, __eq = function() return true end,
           __concat = function() return 'concat' end, __len = function() return 42 end,
           __call = function(_, ...) return select('#', ...), ... end, __unm = function() return 'unm' end,
           __close = function() print('closed') end}
         local a, b = setmetatable({}, meta), setmetatable({}, meta)
         print(a.x, a[1], a + 1, 1 + a, a < b, a <= b, a == b, a ~= b, a .. 'x', #a, a(1, nil), -a)
         a.y = 1 a[1] = 2 print(rawget(a, 'y'), rawget(a, 1))
         do local c <close> = a print('in') end
         local function counter() local n = 0 return function() n = n + 1 return n end, function() return n end end
         local add, get = counter() add() add() print(get())
         local function rest(first, ...) local x, y = ... return first, select('#', ...), x, y, ... end
         print(rest(1), rest(1, 2, 3, nil))
         local i = 1
         ::again:: if i < 5 then i = i + 1 if i == 3 then goto again end io.write(i, ' ') goto again end
         print(pcall(error, {}), select(2, pcall(error, 'message', 0)))
         local function deep(n) if n == 0 then return 0 end return 1 + deep(n - 1) end
         print(deep(10000), pcall(deep, 1e9) == false)
         local function tail(n) if n == 0 then return 'end' end return tail(n - 1) end
         print(tail(100000))
         print(string.rep('ab', 3, '-'), ('x'):upper(), #'four', not nil, not 0)",
    );
}

#[test]
fn coroutines_yield_out_of_compiled_code_and_come_back() {
    same(
        "local function numbers(n) for i = 1, n do coroutine.yield(i) end return 'done' end
         local co = coroutine.wrap(numbers)
         print(co(3), co(), co(), co())
         local inner = coroutine.wrap(function(n)
           for i = 1, n do
             local function nested(x) if x == 0 then coroutine.yield(i) return i end return nested(x - 1) end
             assert(nested(10) == i)
           end
         end)
         for _ = 1, 4 do io.write(tostring(inner(4)), ' ') end print()
         print(coroutine.resume(coroutine.create(function() local x = nil return x.y end)))
         local meta = setmetatable({}, {__index = function(_, k) return coroutine.yield(k) end})
         local reads = coroutine.wrap(function() return meta.a + meta.b end)
         print(reads(), reads(1), reads(2))
         print(pcall(coroutine.wrap(function() pcall(coroutine.yield, 1) error('late') end)))",
    );
}

#[test]
fn hooks_lines_and_local_variables_are_those_of_the_source() {
    same(
        "local function f(n)
           local a, b = n, 2.5
           for i = 1, 3 do
             a = a + i
             if i == 2 then
               print(debug.getlocal(2, 1) == nil, debug.getinfo(1, 'l').currentline)
               for l = 1, 6 do print(debug.getlocal(1, l)) end
               debug.setlocal(1, 2, 100)
             end
           end
           return a, b
         end
         print(f(10))
         local lines = {}
         debug.sethook(function(_, line) lines[#lines + 1] = line end, 'l')
         f(1)
         debug.sethook()
         print(table.concat(lines, ' '))
         local count = 0
         debug.sethook(function() count = count + 1 end, '', 100)
         local s = 0 for i = 1, 1000 do s = s + i end
         debug.sethook()
         print(count, s)
         local function fails() local t = {} return t.x.y end
         print(select(2, xpcall(fails, debug.traceback)))",
    );
}

#[test]
fn what_is_not_needed_any_more_is_collected_at_the_same_time() {
    same(
        "local weak = setmetatable({}, {__mode = 'v'})
         local function f()
           do local t = {} weak[1] = t end
           local x = 1
           for i = 1, 10 do x = x + i end
           collectgarbage()
           print(weak[1], x)
           local kept = {} weak[2] = kept
           collectgarbage()
           print(weak[2] == kept)
         end
         f()
         collectgarbage()
         print(weak[2])
         local closed = 0
         for i = 1, 3 do setmetatable({}, {__gc = function() closed = closed + 1 end}) end
         collectgarbage() print(closed)",
    );
}

#[test]
fn functions_without_debug_information_hold_and_close_what_is_in_scope() {
    same(
        "local function stripped(code) return load(string.dump(load(code), true)) end
         local closed = setmetatable({}, {__close = function(_, e) print('closed', e) end})
         print(pcall(stripped [[
           local object, each = ...
           do local x <close> = object; local i = 0 while true do i = i + 1; each(i) end end
         ]], closed, function(i) if i > 10 then error('stop', 0) end end))
         stripped [[
           local guard, print = ...
           for i = 1, 3 do collectgarbage() print(i) end
           print 'end'
         ]](setmetatable({}, {__gc = function() print 'finalized' end}), print)",
    );
}

#[test]
fn local_variables_that_others_set_are_seen_whatever_hooks_come_and_go() {
    same(
        "local function set(value)
           debug.setlocal(2, 1, value) debug.sethook(function() end, 'l') debug.sethook()
         end
         local function once() local x = 1 set 'ten' return x, math.type(x) end
         local function loop() local x = 1 for i = 1, 3 do set(i * 1.5) x = x + 1 end return x end
         print(once()) print(loop())",
    );
}

#[test]
fn values_that_memory_runs_out_beside_are_not_collected() {
    same(
        "local held = setmetatable({}, {__mode = 'v'})
         local function fill(keep)
           local t, object = {}, keep.object
           keep.object = nil
           held[1] = object
           for i = 1, 1 << 40 do t[i] = {i} end
           return object
         end
         print(pcall(fill, {object = {}}))
         print(pcall(function(t) local x = t.x t.x = nil t[x] = 1 return t[x] end, {x = 'key'}))",
    );
}

#[test]
fn strings_and_numbers_compare_and_divide_as_they_do_interpreted() {
    same(
        "local function order(a, b) return a < b, a <= b, a == b, a > b, a >= b, a ~= b end
         local values = {'a', 'b', '', ('x'):rep(50), ('x'):rep(49) .. 'y', 'a\0b', 1, 1.0, 1.5,
           2^53, (1 << 53) + 1, math.maxinteger, math.huge, 0/0}
         for _, a in ipairs(values) do for _, b in ipairs(values) do print(pcall(order, a, b)) end end
         local eq = {__eq = function() return true end}
         print(order == order, setmetatable({}, eq) == {}, {} == setmetatable({}, eq), {} == {})
         local function left(a, b) return a % b, a ^ b, a % 2.5, 2.5 ^ a, a ^ 0.5 end
         for _, a in ipairs {-7.5, -0.0, 0.0, 3.25, 1/0, -1/0} do
           for _, b in ipairs {-2, 2, 0.5, 1/0, -3.5} do print(left(a, b)) end
         end",
    );
}

#[test]
fn tables_inherit_grow_and_are_walked_as_they_are_interpreted() {
    same(
        "local Base = {kind = 'base'} Base.__index = Base
         function Base:name() return self.kind .. (self.own or '') end
         local Derived = setmetatable({kind = 'derived'}, Base) Derived.__index = Derived
         local function use(o) return o:name(), o.kind, o.missing, o[1], #o end
         for _, o in ipairs {setmetatable({}, Base), setmetatable({own = '!'}, Derived),
             setmetatable({1, 2}, {__index = function(_, k) return k end, __len = function() return 9 end}),
             'text'} do print(pcall(use, o)) end
         local function put(t, k, v) t[k] = v t.field = v return t[k], t.field end
         for _, t in ipairs {{}, setmetatable({}, {__newindex = rawset}), setmetatable({}, {__newindex = {}})} do
           for _, k in ipairs {1, 2.0, 'key', true} do print(pcall(put, t, k, k)) end
           print(pcall(put, t, nil, 1), pcall(put, t, 0/0, 1))
         end
         print(pcall(put, 1, 1, 1), pcall(put, 'text', 1, 1))
         local function walk(t) local n = 0 for k, v in pairs(t) do n = n + 1 t[k] = nil end return n, next(t) end
         local t = {1, 2, 3, x = 1, y = 2} print(walk(t))
         for i, v in ipairs(setmetatable({1}, {__index = function(_, i) if i < 4 then return i end end})) do print(i, v) end
         print(pcall(function() for k in next, {}, 'absent' do end end))
         print(pcall(function() for k in next, nil do end end))
         print(pcall(function() for k in nil do end end))
         for a, b, c in function(s, i) if i < 3 then return i + 1, s, 'c' end end, 's', 0 do print(a, b, c) end",
    );
}

#[test]
fn what_came_with_5_5_is_the_same_compiled() {
    same_in(
        LuaVersion::Lua55,
        "global *
         local function named(a, ...t) local n = t.n t.x = a return n, t[1], t[2], t[n], t.x, ... end
         print(named(1)) print(named(1, 2, nil, 4)) print(select('#', named(1, nil, nil)))
         local function counted(...t) return t.n, t[1], t[2.0], t['n'], t.other, t[{}], t[-1] end
         print(counted()) print(counted(7, 8))
         local function passed(...t) return (function(...) return select('#', ...), ... end)(...) end
         print(passed(1, nil, 3)) print(pcall(function(...t) t.n = -1 return ... end, 1))
         -- These strings are short, and kept where they were built.
         local function built(s) return s == 'ab', s ~= 'ab', s == 'abc', s < 'b', #s, ({ab = 1})[s] end
         local parts = {} for i = 1, 2000 do parts[i] = i < 1999 and '' or i == 1999 and 'a' or 'b' end
         print(built(table.concat(parts))) print(built('ab')) print(built(('x'):rep(3000)))
         local t = {} t[table.concat(parts)] = 1 print(t.ab, next(t))
         print(pcall(load 'global x <const> = 1; global x = 2; return x'))
         global declared = 1 print(declared) print(pcall(load 'global declared = 2'))
         local made = table.create and table.create(10, 3) or {} for i = 1, 12 do made[i] = i end print(#made)
         for i = 3, 1, -1 do local f = function() return i end print(f()) end
         for k, v in next, {1, 2, x = 3} do print(k, v) end
         local function each(s, c) if c < s then return c + 1, c end end
         for a, b in each, 3, 0, setmetatable({}, {__close = function() print 'closed' end}) do
           if a == 2 then break end print(a, b)
         end",
    );
}

#[test]
fn a_loop_that_runs_on_is_compiled_while_it_runs() {
    for lua in COMPILED {
        let mut sandbox = sandbox(lua, Compile::Hot);
        let code = "local s, i = 0, 0 while not done() do for j = 1, 100000 do s = s + j end i = i + 1 end";
        let start = Instant::now();
        sandbox.run(&Script::new("test", "function done() return false end")).unwrap();
        // It ends by its time, a long one for a machine that is busy.
        sandbox.set_deadline(Some(Duration::from_secs(3)));
        let outcome = sandbox.run(&Script::new("test", code)).unwrap();
        assert!(matches!(outcome.end, End::Stopped(_)), "{outcome:?}");
        assert!(sandbox.usage().compiled > 0, "after {:?}", start.elapsed());
    }
}

#[test]
fn compiled_loops_are_stopped_at_the_line_where_they_are() {
    for lua in COMPILED {
        for code in [
            "local i = 0\nwhile true do\ni = i + 1\nend",
            "local x = 0.5\nfor i = 1, math.maxinteger do\nx = x * 0.5\nend",
            "local function f(n) if n == 0 then return 0 end return f(n - 1) + f(n - 1) end\nf(100)",
            "local t = {}\nrepeat t[1] = t until false",
            "::top::\ngoto top",
        ] {
            let mut sandbox = sandbox(lua, Compile::Eager);
            sandbox.set_deadline(Some(Duration::from_millis(300)));
            let outcome = sandbox.run(&Script::new("test", code)).unwrap();
            let End::Stopped(stopped) = &outcome.end else { panic!("{code}: {outcome:?}") };
            assert!(matches!(stopped.stop, Stop::Deadline { .. }), "{code}: {stopped:?}");
            assert!(stopped.traceback.contains("test:"), "{code}: {}", stopped.traceback);
        }
    }
}

#[test]
fn copies_of_a_template_have_the_code_of_its_functions() {
    for lua in COMPILED {
        let mut sandbox = sandbox(lua, Compile::Eager);
        let code =
            "function add(a, b) return a + b end function twice(n) return add(n, n) end twice(2)";
        sandbox.run(&Script::new("test", code)).unwrap();
        let twice: luago::Function = sandbox.get("twice").unwrap();
        let compiled = sandbox.usage().compiled;
        assert!(compiled >= 3, "{compiled}");
        let template = sandbox.into_template().unwrap();
        for n in 0..3 {
            let mut copy = template.instantiate().unwrap();
            assert_eq!(copy.call::<i64>(&twice, n).unwrap(), 2 * n);
            copy.run(&Script::new("test", "assert(load('return add(1, 2)')() == 3)")).unwrap();
            assert!(copy.usage().compiled >= compiled);
            copy.reset().unwrap();
            assert_eq!(copy.call::<i64>(&twice, n).unwrap(), 2 * n);
        }
    }
}

#[test]
fn sandboxes_that_are_metered_or_of_another_version_compile_nothing() -> Result<(), Error> {
    let metered = Limits::default().fuel(1_000_000);
    let mut sandbox = Sandbox::builder(engine(Compile::Eager)).limits(metered).build()?;
    sandbox.run(&Script::new("test", "for i = 1, 10 do end"))?;
    assert_eq!(sandbox.usage().compiled, 0);
    let other = luago::LuaVersion::Lua51;
    let mut sandbox = Sandbox::builder(engine(Compile::Eager)).lua(other).build()?;
    sandbox.run(&Script::new("test", "for i = 1, 10 do end"))?;
    assert_eq!(sandbox.usage().compiled, 0);
    Ok(())
}

#[test]
fn a_script_that_makes_ever_new_functions_is_not_compiled_without_end() {
    for lua in COMPILED {
        let mut sandbox = sandbox(lua, Compile::Eager);
        let code = "for i = 1, 1200 do assert(load('return ' .. i)() == i) end
            local f = load('local n = ... return n') for i = 1, 100000 do local g = function() return i end g() end
            assert(f(7) == 7)";
        let outcome = sandbox.run(&Script::new("test", code)).unwrap();
        assert!(outcome.is_returned(), "{outcome:?}");
        assert!((1..=1000).contains(&sandbox.usage().compiled), "{}", sandbox.usage().compiled);
    }
}

#[test]
fn a_loop_whose_variables_change_between_types_is_not_compiled_for_each_of_them() {
    for lua in COMPILED {
        let names: Vec<String> = (1..=12).map(|i| format!("v{i}")).collect();
        let flips: String = names
            .iter()
            .enumerate()
            .map(|(i, v)| format!("if n % {} == 0 then {v} = {v} + 0.5 end ", i + 2))
            .collect();
        let code = format!(
            "local {} = {} local n, stop = 0, os.clock() + 3
             while os.clock() < stop do for i = 1, 200 do n = n + 1 {flips}
               if n % 7 == 0 then v1, v2, v3 = 1, 2, 3 end end end",
            names.join(", "),
            names.iter().map(|_| "1").collect::<Vec<_>>().join(", "),
        );
        let mut sandbox = sandbox(lua, Compile::Hot);
        let outcome = sandbox.run(&Script::new("test", code)).unwrap();
        assert!(outcome.is_returned(), "{outcome:?}");
        // The chunk; and the loops, each for a few types and for any.
        assert!(sandbox.usage().compiled <= 1 + 2 * 5, "{}", sandbox.usage().compiled);
    }
}

#[test]
fn functions_that_are_too_large_or_deep_are_interpreted() {
    same(
        "local parts = {'local n = 0 '}
         for i = 1, 5000 do parts[#parts + 1] = 'n = n + ' .. i .. ' ' end
         parts[#parts + 1] = 'return n'
         print(load(table.concat(parts))())
         local deep = 'return 1' for i = 1, 150 do deep = 'if ... then ' .. deep .. ' end' end
         print(load(deep)(true), load(deep)(false))
         local loops = 'n = n + 1' for i = 1, 40 do loops = 'for i' .. i .. ' = 1, 1 do ' .. loops .. ' end' end
         print(load('local n = 0 ' .. loops .. ' return n')())",
    );
}

#[test]
fn bytecode_that_was_tampered_with_harms_its_own_sandbox_alone() {
    for lua in COMPILED {
        // One that is loaded as it is: what the interpreter makes of it is its own affair, too.
        let mut sandbox = sandbox(lua, Compile::Eager);
        let code = "local function f(a) local s = 0 for i = 1, a do s = s + i end return s end
            local text = string.dump(f)
            local seed = 7
            for i = 1, 300 do
              seed = (seed * 1103515245 + 12345) % 2147483648
              local at = seed % #text + 1
              local changed = text:sub(1, at - 1) .. string.char(seed // 65536 % 256) .. text:sub(at + 1)
              local g = load(changed, 'x', 'b')
              if g then pcall(coroutine.wrap(function() pcall(g, 3) end)) end
            end";
        sandbox.set_deadline(Some(Duration::from_secs(5)));
        // Whatever comes of it, the host is there to see it.
        let _ = sandbox.run(&Script::new("test", code));
        let mut other = self::sandbox(lua, Compile::Eager);
        assert!(other.run(&Script::new("test", "assert(1 + 1 == 2)")).unwrap().is_returned());
    }
}
