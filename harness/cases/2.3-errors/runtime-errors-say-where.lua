-- lua: 5.1-5.5

local function try(f, ...) print(select(2, pcall(f, ...))) end
try(function() local a = {} ; a = a
  + 1 end)
try(function()
  local s = "x"
  return s
    .. {}
end)
try(function() for i = 1, "x" do end end)
try(function() for i = "a", 2 do end end)
try(function() for i = 1, 2, {} do end end)
try(function() for i = 1, 10, 0 do return "no error" end end)
try(function() for k in 5 do end end)
try(function() for k in nil do end end)
try(string.rep)
try(function() string.rep("x", {}) end)
try(function() ("x"):rep({}) end)
try(function() ("x").rep() end)
try(function() setmetatable(1, 2) end)
