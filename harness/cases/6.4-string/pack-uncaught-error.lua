-- lua: 5.3-5.5

local record = "<I2 s1 d"
local function write(r) return string.pack(record, r.id, r.name, r.value) end
local function write_all(list)
  local out = {}
  for i, r in ipairs(list) do out[i] = write(r) end
  return table.concat(out)
end
print(#write_all{{id = 1, name = "a", value = 1}, {id = 65535, name = "", value = 2.5}})
print(#write_all{{id = 1, name = "a", value = 1}, {id = 70000, name = "b", value = 2}})
