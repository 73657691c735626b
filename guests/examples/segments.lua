-- Shared memory as a script sees it: bytes, numbers, structs and messages.
--
--   luago-run guests/examples/segments.lua
--   luago-run --lua 5.1 guests/examples/segments.lua

local luago = require "luago"
local unpack = table.unpack or unpack

local function title(text)
  print()
  print("-- " .. text)
end

local function show(what, ...)
  local parts = {}
  for i = 1, select("#", ...) do
    local part = select(i, ...)
    parts[i] = type(part) == "number" and ("%.14g"):format(part) or tostring(part)
  end
  print(("  %-28s %s"):format(what, table.concat(parts, "  ")))
end

title("Bytes")

local seg = luago.segment(1024) -- zeros
show("a new segment", seg, #seg)
seg:write(1, "shared memory")
seg:i16(17, -2)
show("a string of it, a copy", seg:string(1, 6))
show("a number at byte 17", seg:i16(17), seg:u16(17))
show("found", seg:find("memory"))
seg:copy(seg:sub(8, 13), 1) -- a part is the same memory
show("copied", seg:string(1, 13))
seg:fill(0)
show("too large a number", select(2, pcall(function()
  seg:u8(1, 300)
end)))

title("Numbers")

local a = seg:array("f64", 1, 100)
for i = 1, #a do
  a[i] = (i * 37) % 101
end
show("their sum", a:sum())
show("the least, and where", a:min())
show("the greatest, and where", a:max())
show("the first 5", a:find(5))
show("a part of them", unpack(a:sub(1, 3):table()))
show("outside", a[101])

title("Structs")

local Point = luago.struct { { "x", "f64" }, { "y", "f64" } }
local Shape = luago.struct {
  { "id", "u32" }, { "name", "u8", 12 }, { "corners", Point, 3 }, { "is_closed", "bool" },
}
show("a layout", Shape.description)
local shapes = Shape:array(seg, 0, 2)
local shape = shapes[2]
shape.id, shape.name, shape.is_closed = 7, "triangle", true
shape.corners[3].x = 1.5
Shape:write(shapes[1], { id = 6, corners = { { x = 0 }, { x = 1 }, { x = 2, y = 3 } } })
show("a field", shape.id, shape.is_closed, shape.corners[3].x)
show("as a table", Shape:read(shapes[1]).corners[3].y)
show("the same bytes", seg:u32(Shape.size + 1), seg:string(Shape.size + 5, Shape.size + 12))

title("Messages")

local sender, receiver = luago.ring(256) -- room for a few: the sender has to wait
luago.spawn(function()
  for i = 1, 100 do
    sender:send("message " .. i)
  end
  sender:close()
end)
local count, last = 0, nil
for message in receiver:messages() do
  count, last = count + 1, message
end
show("received", count, last)

title("Access, and the end")

local read_only = seg:read_only()
show("writing", select(2, pcall(read_only.write, read_only, 1, "x")))
seg:close()
show("after closing", seg, select(2, pcall(function() return a[1] end)))
