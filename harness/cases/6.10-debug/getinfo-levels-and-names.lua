-- lua: 5.1-5.5

local function where()
  for level = 0, 10 do
    local i = debug.getinfo(level, "nSl")
    if not i then break end
    print(level, i.what, i.namewhat, i.name, i.currentline)
  end
end
local t = {field = function() where() end}
function t:method() self.field() end
function global() t:method() end
local upvalue = function() global() end
local function outer() upvalue() end
outer()
