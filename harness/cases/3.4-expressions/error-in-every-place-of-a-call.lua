-- lua: 5.1-5.5

-- The function `error` itself, called by the interpreter and by libraries.
local t = setmetatable({}, {__index = error, __newindex = error, __call = error, __add = error, __eq = error, __lt = error, __le = error,
  __concat = error, __unm = error, __len = error, __tostring = error})
local u = setmetatable({}, getmetatable(t))
local function show(f, ...)
  local ok, e = pcall(f, ...)
  print(ok, type(e) == "table" and (e == t or "other table") or e)
end
getmetatable(t).__eq = nil
show(function() return t.x end) show(function() t.x = 1 end) show(function() t(1) end) show(function() return t + 1 end) show(function() return t < u end)
show(function() return t <= u end) show(function() return t .. "x" end) show(function() return -t end) show(tostring, t) show(error, "direct")
show(pcall, error, "twice") show(table.sort, {2, 1, 3}, error) show(string.gsub, "abc", "b", error) show(xpcall, error, function(m) return "handled " .. tostring(m) end)
show(coroutine.wrap(function(...) error(...) end), "in a coroutine") show(function() for x in error, "in a for" do end end) show(function() return error("tail") end)
show(function() return (error("not tail")) end) show(function() local x = error("local") end) show(select, 2, pcall(error, "selected"))
