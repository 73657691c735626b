local load, V = loadstring or load, tonumber(_VERSION:match("%d%.%d"))
print(load("return 1 + 1")(), load("syntax error here"), load("return ...")(7, 8), load("x = ", "=name"), load("x = ", "@file.lua"), load("x =", "some code\nmore"))
local parts, i = {"return ", "1", " + ", "2", nil}, 0
print(_G.load(function() i = i + 1 return parts[i] end)()) print(type(_G.load(function() return nil end))) print(pcall(_G.load, function() error("reader", 0) end))  print(pcall(_G.load, function() return {} end))
if V > 5.1 then
  local env = {y = 5} print(_G.load("x = y return y", "chunk", "t", env)(), env.x, x) print(_G.load("return 1", "c", "b")) print(_G.load(string.dump(function() return 1 end), "c", "t")) print(_G.load(string.dump(function() return 1 end), "c", "b")()) print(pcall(_G.load, "return 1", "c", "q")) print(_G.load("return _ENV", "c", "t", nil)() == nil)
else print(setfenv(load("x = y return y"), {y = 5})(), getfenv(1) == _G, getfenv(print) == _G) end
local up = 10 local function f(a, ...) local t = {a, ...} for k = 1, #t do t[k] = t[k] * 2 end return #t, t[1], select("#", ...), (function() return a end)() end
local g = load(string.dump(f)) print(g(1, 2, 3)) print(f(1, 2, 3)) print(pcall(string.dump, print)) print(#string.dump(f) > 50, string.dump(f):sub(2, 4))
if V > 5.2 then print(#string.dump(f, true) < #string.dump(f), load(string.dump(f, true))(4, 5)) print(pcall(load(string.dump(function() error("x") end, true)))) end
for n = 1, #string.dump(f) - 1, 7 do local ok, r = pcall(load, string.dump(f):sub(1, n)) assert(ok and not r, n) end
print(pcall(require, 5 == 5 and "missing.module") and 1 or (select(2, pcall(require, "missing.module")):match("^module 'missing.module' not found:\n\tno field package.preload%['missing.module'%]\n\tno file '")))
package.preload.pre = function(...) print("loader", (...)) return nil end print((require "pre"), package.loaded.pre) print(pcall(require, nil))
print(type(package.path), type(package.cpath), type(package.loaders or package.searchers), package.config) if package.searchpath then print((package.searchpath("x", "./?.none;?.nothing"))) print(select(2, package.searchpath("a.b", "./?.none;?.nothing"))) end
print(type(collectgarbage("count")), collectgarbage("collect"), collectgarbage(), type(collectgarbage("step")), collectgarbage("stop"), collectgarbage("restart"), pcall(collectgarbage, "bogus"))
if V < 5.5 then print(type(collectgarbage("setpause", 200)), type(collectgarbage("setstepmul", 200))) end if V > 5.1 then print(collectgarbage("isrunning")) end if V > 5.3 then print(collectgarbage("incremental"), collectgarbage("generational"), collectgarbage("incremental")) end
if V == 5.5 then print(type(collectgarbage("param", "pause"))) print(pcall(collectgarbage, "param", "nope")) end
local weak = setmetatable({}, {__mode = "k"}) for k = 1, 100 do weak[{}] = k end collectgarbage() collectgarbage() print(next(weak)) local wv = setmetatable({{}, "s", 5}, {__mode = "v"}) collectgarbage() print(wv[1], wv[2], wv[3])
local names = {} for k, v in pairs(_G) do names[#names + 1] = k .. ":" .. type(v) end table.sort(names) print(table.concat(names, " "))
for _, lib in ipairs {"string", "table", "math", "os", "io", "coroutine", "debug", "utf8", "bit32", "package"} do if _G[lib] then local n = {} for k, v in pairs(_G[lib]) do n[#n + 1] = k .. ":" .. type(v) end table.sort(n) print(lib, table.concat(n, " ")) end end
print(#arg, arg[0], arg[1], ...) print(tostring(nil), tostring(true), tostring(1), tostring("x"), tostring(print):match("^builtin") or tostring(print):match("^function"), tostring({}):match("^table: 0x%x+$") ~= nil, tostring(coroutine.create(f)):match("^thread") , tostring(io.stdout):match("^file %("))
if V > 5.1 then assert(load([[
  do local i = 1 ::top:: if i <= 3 then io.write(i, " ") i = i + 1 goto top end end
  for i = 1, 3 do for j = 1, 3 do if j == 2 then goto continue end io.write(i, j, " ") ::continue:: end end print()
  local fs = {} do local k = 1 ::a:: local x = k fs[k] = function() return x end k = k + 1 if k < 4 then goto a end end print(fs[1](), fs[2](), fs[3]())
  print(load("goto nope"), load("do ::l:: end goto l"), load("goto l; local a; ::l:: print(a)"), load("::l:: ::l::"), load("break"))
  local t = setmetatable({}, {__len = function() return 7 end, __pairs = function() return function(_, k) if not k then return 1, "p" end end, nil, nil end, __ipairs = nil})
  print(#t) for k, v in pairs(t) do print(k, v) end local _ENV = {print = print} x = 5 print(x, _ENV.x)]]))() end
if bit32 then print(bit32.band(0xff, 0x0f), bit32.bor(1, 2), bit32.bxor(5, 1), bit32.bnot(0), bit32.lshift(1, 31), bit32.rshift(-1, 28), bit32.arshift(-16, 2), bit32.rrotate(1, 1), bit32.extract(0xff00, 8, 4), bit32.replace(0, 5, 4, 3), bit32.btest(1, 2)) end
if V > 5.3 then assert(load([[
  local function closer(name) return setmetatable({}, {__close = function(_, e) print("close", name, e) end}) end
  do local a <close> = closer "a" local b <close> = closer "b" local c <const> = 3 print("body", c) end
  print(pcall(function() local a <close> = closer "e1" error("oops", 0) end)) print(pcall(function() local x <close> = setmetatable({}, {__close = function() error("in close", 0) end}) error("first", 0) end))
  for i in function(_, n) n = (n or 0) + 1 if n < 3 then return n end end, nil, nil, closer "loop" do if i == 2 then break end end
  local function f() local x <close> = closer "ret" return "returned" end print(f()) print(pcall(function() local y <close> = 42 end)) do local z <close> = nil end
  local co = coroutine.wrap(function() local x <close> = closer "co" coroutine.yield(1) return 2 end) print(co(), co())
  local cc = coroutine.create(function() local x <close> = closer "killed" coroutine.yield() end) coroutine.resume(cc) print(coroutine.close(cc))
  goto out do local q <close> = closer "q" end ::out:: print(load("local x <const> = 1; x = 2")) print(load("local x <bad> = 1"))
  warn("@on") warn("a ", "warning") warn("@off") warn("silent") print(pcall(warn)) ]]))() end
if V == 5.5 then print(load([[global x, print; x = 1 print(x) y = 2]])) assert(load([[global <const> print, pcall, load; global z; z = 5 print(z)]]))() print(load([[global none; for i = 1, 2 do i = 3 end]])) print(pcall(load([[global print = 1]]) or print)) assert(load([[local function v(...t) return t.n, t[1] end print(v(4, 5, 6))]]))() end
io.stderr:write("to stderr\n")
