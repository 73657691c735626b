-- lua: 5.1-5.5

-- Some places cannot be left by a yield in some versions.
local yield = coroutine.yield
local function run(name, f, ...)
  local co = coroutine.create(f)
  local ok, a, b = coroutine.resume(co, ...)
  io.write(name, " ", tostring(ok), " ", tostring(a):gsub("table: 0x%x+", "table"), " ", type(b), " ", coroutine.status(co), "\n")
  if coroutine.status(co) == "suspended" then print("", coroutine.resume(co, "back", "again")) end
end
local t = setmetatable({}, {__index = function(_, k) return yield(k) end, __call = function(_, x) return yield(x) end, __add = function(a, b) return yield("add") end,
  __lt = function() return yield("lt") end, __concat = function() return yield("concat") end, __len = function() return yield("len") end, __newindex = function(_, k, v) yield(v) end})
run("plain", function(x) return x, yield(x) end, 1)
run("tail", function(x) return yield(x) end, 2)
run("index", function() return t.key end)
run("newindex", function() t.key = 5 return "set" end)
run("call", function() return t("arg") end)
run("add", function() return t + 1 end)
run("lt", function() return t < t end)
run("concat", function() return t .. "x" .. "y" end)
run("len", function() return #t end)
run("for", function() for x in yield, "state" do return x end end)
run("pcall", function() return pcall(yield, "p") end)
run("pcall2", function() return pcall(function() return "in", yield("p2") end) end)
run("xpcall", function() return xpcall(function() return yield("x") end, print) end)
run("sort", function() return table.sort({2, 1}, function(a, b) return yield(a) end) end)
run("gsub", function() return string.gsub("a", "a", yield) end)
run("wrap", function() return coroutine.wrap(function(x) return yield(x) end)("inner") end)
run("method", function() return ({y = yield}):y() end)
if _VERSION ~= "Lua 5.1" then run("direct", yield, "d") end
