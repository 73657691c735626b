local unpack = unpack or table.unpack
local running, yield, wrap, create, resume, status =
  coroutine.running, coroutine.yield, coroutine.wrap, coroutine.create, coroutine.resume, coroutine.status
local V = tonumber(_VERSION:match("%d%.%d"))

print("status", status(create(function() end)))
local c = create(function(...) print("in", ...) print(yield(1, 2)) print(yield()) return "done", nil, 3 end)
print(resume(c, "a", nil)) print(status(c)) print(resume(c, "b")) print(resume(c)) print(status(c)) print(resume(c))
print((resume(c)))

-- pcall
local function across(name, f) local c = create(f) io.write(name, ": ")
  local args = {}
  for i = 1, 10 do
    local r = {resume(c, unpack(args))}
    io.write(tostring(r[1]), " ", tostring(r[2]):gsub("^.-:%d+: ", ""):sub(1, 60) .. "", "; ")
    if status(c) == "dead" then break end
    args = {i, i * 2}
  end
  print(status(c))
end
across("pcall", function() return pcall(function() local a, b = yield("y1") error("e" .. a .. b, 0) end) end)
across("xpcall", function() return xpcall(function() yield("y1") error("oops", 0) end, function(m) return "h:" .. m end) end)
across("nested", function() return pcall(pcall, function() yield(1) yield(2) error("x", 0) end) end)
across("iterator", function() for i in function(_, n) n = (n or 0) + 1 if n < 4 then yield(n) return n end end do end return "end" end)
across("pairs", function() for k, v in pairs({10, 20}) do yield(v) end return "end" end)
local mt = {}
for _, name in ipairs {"__add", "__sub", "__mul", "__div", "__mod", "__pow", "__unm", "__concat", "__len", "__eq", "__lt", "__le", "__index", "__newindex", "__call"} do
  mt[name] = function(a, b) return yield(name) end
end
local function object() return setmetatable({}, mt) end
local ops = {
  {"add", function(a, b) return a + b end}, {"sub", function(a, b) return a - b end}, {"mul", function(a, b) return a * b end},
  {"div", function(a, b) return a / b end}, {"mod", function(a, b) return a % b end}, {"pow", function(a, b) return a ^ b end},
  {"unm", function(a) return -a end}, {"concat", function(a, b) return a .. b .. a end}, {"len", function(a) return #a end},
  {"eq", function(a, b) return a == b end}, {"lt", function(a, b) return a < b end}, {"le", function(a, b) return a <= b end},
  {"index", function(a) return a.x end}, {"newindex", function(a) a.x = 1 return "set" end}, {"call", function(a) return a(1) end},
}
for _, op in ipairs(ops) do across(op[1], function() return op[2](object(), object()) end) end
across("sort", function() table.sort({3, 1, 2}, function(a, b) yield(a) return a < b end) end)
across("gsub", function() return ("x"):gsub("x", function() yield(1) end) end)
across("load", function() return load(function() yield(1) end) end)
across("tostring", function() return tostring(setmetatable({}, {__tostring = function() yield(1) return "s" end})) end)
across("tail", function() return yield(yield("t1")) end)
local function tail(n) if n == 0 then return yield("deep") end return tail(n - 1) end
across("tailcalls", function() return tail(1000) end)
across("require", function() package.preload.m = function() yield(1) return 2 end return require "m" end)
across("self", function() return resume(running()) end)
across("wrap", function() local w = wrap(function() yield("inner") error("werr", 0) end) yield(w()) return w() end)
print(pcall(wrap(function() return 1, 2, 3 end)))
print(pcall(yield, 1))
print(select("#", running()))
local w = wrap(function() return 1 end) w() print((pcall(w)))
local co co = create(function() return status(co), resume(co) end) print(resume(co))
local outer outer = create(function() local inner = create(function() return status(outer) end) return resume(inner) end) print(resume(outer))
if coroutine.isyieldable then print(coroutine.isyieldable(), wrap(function() return coroutine.isyieldable() end)(), wrap(function() return (("x"):gsub("x", function() return tostring(coroutine.isyieldable()) end)) end)()) end
if coroutine.close then
  local c = create(function() yield() end) resume(c) print(coroutine.close(c), status(c)) print(coroutine.close(create(function() end)))
  local f = create(function() error("failed", 0) end) resume(f) print(coroutine.close(f)) print(coroutine.close(f))
  print(pcall(coroutine.close, running()))
end
-- many alive at once
local all = {} for i = 1, 10000 do all[i] = wrap(function(a) while true do a = a + yield(a) end end) all[i](i) end
local sum = 0 for r = 1, 5 do for i = 1, 10000 do sum = sum + all[i](r) end end print(sum)
-- a generator of permutations
local function permgen(a, n) if n <= 1 then yield(a) else for i = 1, n do a[n], a[i] = a[i], a[n] permgen(a, n - 1) a[n], a[i] = a[i], a[n] end end end
local n = 0 for p in wrap(function() permgen({1, 2, 3, 4, 5, 6, 7}, 7) end) do n = n + p[1] * p[7] end print(n)
