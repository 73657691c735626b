-- lua: 5.1-5.5
-- files: yes
local name = "files/text"
local lines = {}
for _, n in ipairs {0, 1, 15, 16, 17, 500, 511, 512, 513, 1015, 1016, 1023, 1024, 1025, 2048,
                    4095, 4096, 4097, 9000} do
  for i = 1, 3 do lines[#lines + 1] = ("%d:"):format(n + i) .. ("x"):rep(n + i) end
end
local whole = table.concat(lines, "\n")

for _, ending in ipairs {"", "\n", "\n\n"} do
  local f = assert(io.open(name, "wb"))
  f:write(whole, ending)
  f:close()

  local read = {}
  for line in io.lines(name) do read[#read + 1] = line end
  print(#read, table.concat(read, "\n") == whole, #read[#read])

  f = assert(io.open(name, "rb"))
  print(f:read("*a") == whole .. ending, f:read("*a") == "", f:read("*l"), f:read(1))
  f:seek("set", 100)
  local first, rest = f:read("*l", "*a")
  print(#first, #rest, f:seek())
  f:close()

  f = assert(io.open(name, "rb"))
  local pieces = {}
  for _, n in ipairs {1, 1023, 1024, 1025, 4000, 70000} do
    local piece, line = f:read(n, "*l")
    pieces[#pieces + 1] = #(piece or "") .. "+" .. #(line or "")
  end
  print(table.concat(pieces, " "), f:read(1))
  f:close()
end
os.remove(name)
