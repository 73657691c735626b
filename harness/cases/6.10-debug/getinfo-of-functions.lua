-- lua: 5.1-5.5

local function f(a, b, ...)
  local x = a
  return x
end
local function show(i)
  for _, k in ipairs{"source", "short_src", "what", "linedefined", "lastlinedefined", "currentline", "nups", "nparams", "isvararg", "name", "namewhat", "istailcall", "func"} do
    local v = i[k]
    if type(v) == "function" then v = "function" end
    io.write(k, "=", tostring(v), " ")
  end
  print()
end
show(debug.getinfo(f))
show(debug.getinfo(print))
show(debug.getinfo(1))
show(debug.getinfo((loadstring or load)("local a = 1\nreturn a\n\n")))
show(debug.getinfo((loadstring or load)("return ...", "=named")))
show(debug.getinfo((loadstring or load)("return ...", "@file.lua")))
