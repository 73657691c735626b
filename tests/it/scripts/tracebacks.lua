local function f(level) error("message", level) end
for level = 0, 4 do print(pcall(function() f(level) end)) end
print(pcall(error)) print(pcall(error, nil)) print(pcall(error, 12)) print(pcall(error, true))
print(select(2, pcall(error, setmetatable({}, {__tostring = function() return "object" end}))))
local function deep(n) if n == 0 then return debug.traceback("here") end local r = deep(n - 1) return r end
print(deep(3)) print(deep(40))
print(debug.traceback("x", 0)) print(debug.traceback("x", 1)) print(debug.traceback("x", 2)) print(debug.traceback(12)) print(debug.traceback(nil))
print(debug.traceback({}) ~= nil, type(debug.traceback({})))
print(xpcall(function() local x = nil; x() end, debug.traceback))
print(xpcall(function() error({}) end, function(m) return type(m) end))
print(xpcall(function() error("a") end, function(m) error("b") end))
print(xpcall(function() return 1, 2, 3 end, print))
local c = coroutine.create(function() local function inner() coroutine.yield() end inner() end)
coroutine.resume(c) print(debug.traceback(c)) print(debug.traceback(c, "msg")) print(debug.traceback(c, "msg", 1))
local d = coroutine.create(function() error("in coroutine") end) print(coroutine.resume(d)) print(debug.traceback(d))
local t = {method = function(self) error("in method") end, field = {sub = function() error("in sub") end}}
print(xpcall(function() t:method() end, debug.traceback))
print(xpcall(function() t.field.sub() end, debug.traceback))
print(xpcall(function() table.sort({2, 1}, function(a, b) error("in sort") end) end, debug.traceback))
print(xpcall(function() local s = setmetatable({}, {__add = function() error("in add") end}); return s + 1 end, debug.traceback))
print(xpcall(function() for i in error do end end, debug.traceback))
print(xpcall(string.rep, debug.traceback)) print(xpcall(setmetatable, debug.traceback, 1))
for _, code in ipairs {"x = = 1", "local t = {} t.x.y = 1", "return nil .. 'x'", "return {} + 1", "return #nil", "return 1 < 'x'", "return {} < {}", "local a; a()", "a.b.c()", "('x').y.z()", "return -{}", "goto x", "break", "x = 'abc", "x = [[abc", "x = 1e", "for i = 1 do end", "return 2^53 // 0", "return 1 // 0", "return 1 % 0", "local x <const> = 1; x = 2", "local x <foo> = 1", "return '\\400'", "return '\\xZZ'", "return '\\u{110000000}'", "f(\n1,", "::a:: ::a::", "return ...", "local function f() return ... end"} do
  local f, m = (loadstring or load)(code, "=code")
  if f then print(code, pcall(f)) else print(code, m) end
end
local info = debug.getinfo(1, "Sl") print(info.short_src, info.currentline, info.what, info.source)
print(debug.getinfo(print).what, debug.getinfo(f, "S").linedefined, debug.getinfo(f, "S").lastlinedefined)
local function locals() local a, b = 1, "two" return debug.getlocal(1, 1), debug.getlocal(1, 2) end print(locals())
local lines = {} debug.sethook(function(e, l) lines[#lines + 1] = l end, "l")
local x = 1
x = x + 1
debug.sethook() print(table.concat(lines, " "))
