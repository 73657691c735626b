-- lua: 5.4-5.5
-- files: yes

local f = io.open("files/x", "w")
f:write("one\ntwo\n")
f:close()
local it, state, control, closing = io.lines("files/x")
print(type(it), state, control, io.type(closing))
print(it(), it(), it(), io.type(closing))
local kept
do
  local _, _, _, file = io.lines("files/x")
  kept = file
end
print(io.type(kept))
for line in io.lines("files/x") do break end
local function body()
  local it2, _, _, file = io.lines("files/x")
  kept = file
  for line in it2, nil, nil, file do error("in the loop " .. line, 0) end
end
print(pcall(body))
print(io.type(kept), tostring(kept))
