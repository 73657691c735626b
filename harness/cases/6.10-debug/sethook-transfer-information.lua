-- lua: 5.4-5.5

local function f(a, b) return a + b, "second" end
local function hook(event)
  local i = debug.getinfo(2, "rnf")
  if i.func == f then
    local values = {}
    for k = i.ftransfer, i.ftransfer + i.ntransfer - 1 do
      local name, v = debug.getlocal(2, k)
      values[#values + 1] = name .. "=" .. tostring(v)
    end
    print(event, i.ntransfer, table.concat(values, " "))
  end
end
debug.sethook(hook, "cr")
f(3, 4)
debug.sethook()
