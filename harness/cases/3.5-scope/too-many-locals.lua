-- lua: 5.1-5.5

local compile = loadstring or load
local function locals(n) local t = {} for i = 1, n do t[i] = "local v" .. i .. " = " .. i end return table.concat(t, "\n") end
for _, n in ipairs{1, 199, 200, 201, 300} do
  local f, message = compile(locals(n) .. "\nreturn v1 + v" .. n, "=x")
  print(n, f and f() or message)
end
print(compile("local function f()\n" .. locals(201) .. "\nend", "=x"))
print(compile("local function f(" .. ("a,"):rep(200) .. "b) end", "=x"))
print(compile("local " .. ("a,"):rep(200) .. "b", "=x"))
print(compile("do " .. locals(150) .. " end do " .. locals(150) .. " end") ~= nil)
