-- lua: 5.1-5.5

local function loop()
  local n = 0
  while true do n = n + 1 end
end
debug.sethook(function() debug.sethook() error("too long") end, "", 1000)
print(pcall(loop))
print(debug.gethook())
local ok, e = pcall(function()
  debug.sethook(function(_, line) debug.sethook() error({line = line}) end, "l")
  return 1
end)
print(ok, type(e), type(e) == "table" and e.line)
