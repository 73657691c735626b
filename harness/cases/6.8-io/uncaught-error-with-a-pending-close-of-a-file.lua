-- lua: 5.4-5.5
-- files: yes

local function process(name)
  local f <close> = io.open(name, "w")
  local mark <close> = setmetatable({}, {__close = function(_, e) print("closing", e, io.type(f)) end})
  f:write("partly")
  error("cannot go on")
end
process("files/x")
