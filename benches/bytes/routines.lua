-- What goes over the bytes of a string, each on a megabyte: prints a line for each routine,
-- with its name and nanoseconds. Arguments: the seconds for which each is
-- repeated, and a part of the names of those that are measured.

local SECONDS, FILTER = ...
SECONDS = tonumber(SECONDS or "0.01")
local N = 1048576
local unpack = table.unpack or unpack
local load = loadstring or load

-- A text with a word on each tenth of its bytes, and none of the letters z and q.
local words = {"alpha ", "Beta ", "gamma\n", "delta, ", "epsilon ", "Omega. ", "tau "}
local text = {}
for i = 1, N / 4 do text[i] = words[i * i % 7 + 1] end
text = table.concat(text):sub(1, N)
assert(#text == N)
local last = text:sub(1, N - 1) .. "z"
local copy = text:sub(1, N - 1) .. text:sub(N)
local greek = ("αβγδ"):rep(131072)
local short, long = {}, {}
for i = 1, N / 8 do short[i] = text:sub(i * 8 - 7, i * 8) end
for i = 1, N / 1024 do long[i] = text:sub(i * 1024 - 1023, i * 1024) end
local source = {}
for i = 1, N / 64 do
  source[i] = ("local a%d = t.name -- %s\n"):format(i % 10, ("words "):rep(5))
  if i % 100 == 0 then source[i] = source[i] .. "end do\n" end
end
source = "do " .. table.concat(source):sub(1, N):match("^(.*\n)") .. " end"
local half = text:sub(1, 524288)

local file = "files/text"
local function write()
  local f = assert(io.open(file, "wb"))
  f:write(text)
  f:close()
end
write()

local routines = {
  {"find absent word", function() return text:find("zebra", 1, true) end},
  {"find absent common", function() return text:find("alphabet", 1, true) end},
  {"find last byte", function() return last:find("z", 1, true) end},
  {"find, no pattern", function() return text:find("zebra") end},
  {"find pattern literal", function() return text:find("zebra%d") end},
  {"find pattern common", function() return text:find("alpha%d") end},
  {"find pattern class", function() return text:find("%d%d") end},
  {"match .*z", function() return text:match("^.*z") end},
  {"match [^z]*", function() return text:match("^[^z]*") end},
  {"gmatch words", function() local n = 0 for w in text:gmatch("%a+") do n = n + 1 end return n end},
  {"gsub absent", function() return text:gsub("z", "") end},
  {"gsub words", function() return text:gsub("%a+", "%0") end},
  {"gsub lines", function() return text:gsub("\n", "\r\n") end},
  {"== copy", function() return text == copy end},
  {"< copy", function() return text < copy end},
  {"reverse", function() return text:reverse() end},
  {"upper", function() return text:upper() end},
  {"lower", function() return text:lower() end},
  {"rep of a byte", function() return ("x"):rep(N) end},
  {"rep of 3 bytes", function() return ("abc"):rep(349525) end},
  {"rep of 1 KB", function() return long[1]:rep(1024) end},
  {"rep, separator", function() return ("ab"):rep(262144, ", ") end},
  {"sub", function() return text:sub(2, -2) end},
  {"byte of 100", function() local n = 0 for i = 1, N, 100 do n = n + text:byte(i, i + 99) end return n end},
  {"byte each", function() local n = 0 for i = 1, N, 16 do n = n + text:byte(i) end return n end},
  {"char of 100", function() local c for i = 1, N, 100 do c = string.char(text:byte(1, 100)) end return c end},
  {".. of two", function() return half .. half end},
  {".. of ten", function()
    local a = long[1]
    local b
    for i = 1, 100 do b = a .. a .. a .. a .. a .. a .. a .. a .. a .. a end
    return b
  end},
  {".. short", function() local b for i = 1, N / 16 do b = short[i] .. "/" .. short[i + 1] end return b end},
  {"concat of short", function() return table.concat(short) end},
  {"concat, separator", function() return table.concat(short, ", ") end},
  {"concat of 1 KB", function() return table.concat(long) end},
  {"format %s", function() return ("<%s>"):format(text) end},
  {"format %q", function() return ("%q"):format(text) end},
  {"format %d %s", function() local s for i = 1, 10000 do s = ("%d: %s"):format(i, "word") end return s end},
  {"tonumber", function() local n for i = 1, 20000 do n = tonumber("12345.678") end return n end},
  {"tostring", function() local s for i = 1, 20000 do s = tostring(i + 0.5) end return s end},
  {"key of 100 bytes", function() local t = {} for i = 1, N - 100, 100 do t[text:sub(i, i + 99)] = i end return t end},
  {"load", function() return assert(load(source)) end},
  {"write", write},
  {"read all", function() local f = assert(io.open(file, "rb")) local s = f:read("*a") f:close() return s end},
  {"lines", function() local n = 0 for line in io.lines(file) do n = n + #line end return n end},
}
if utf8 then
  routines[#routines + 1] = {"utf8.len ascii", function() return utf8.len(text) end}
  routines[#routines + 1] = {"utf8.len", function() return utf8.len(greek) end}
end
if string.pack then
  routines[#routines + 1] = {"pack s4", function() return string.pack("<s4", text) end}
end

-- The least of several times: what else the machine does only ever adds to them.
for _, routine in ipairs(routines) do
  local name, run = routine[1], routine[2]
  if name:find(FILTER or "", 1, true) then
    collectgarbage()
    run()
    local least, at_once, stop = math.huge, 1, os.clock() + SECONDS
    repeat
      local start = os.clock()
      for _ = 1, at_once do run() end
      local spent = os.clock() - start
      least = math.min(least, spent / at_once)
      if spent < 0.0002 then at_once = at_once * 2; least = math.huge end
    until os.clock() > stop and least < math.huge
    print(("%s\t%.0f"):format(name, least * 1e9))
  end
end
