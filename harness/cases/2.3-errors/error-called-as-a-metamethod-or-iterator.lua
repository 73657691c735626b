-- lua: 5.1-5.5

local function msg(...) local ok, e = pcall(...); return ok, type(e), type(e) == "string" and e or "" end
local t = setmetatable({}, {__index = error, __call = error, __add = error, __concat = error})
print(msg(function() return t.x end))
print(msg(function() t() end))
print(msg(function() return 1 + t end))
print(msg(function() return "a" .. t end))
print(msg(function() for _ in error, "iterated" do end end))
print(msg(function() return error("tail", 0) end))
print(pcall(string.gsub, "abc", "b", error))
print(pcall(table.sort, {2, 1, 3}, error))
print(pcall(coroutine.wrap(function(...) error(...) end), "from wrap", 0))
print(coroutine.resume(coroutine.create(function(...) return error(...) end), "tail in a coroutine", 0))
print(xpcall(error, function(e) return e end))
