-- What a program does that starts others: the same natively and in the sandbox, where
-- echo, cat, true, false, uname, env and sh were granted.
local function show(...)
  local texts = {}
  for i = 1, select("#", ...) do texts[i] = tostring((select(i, ...))) end
  print(table.concat(texts, "\t"))
end

show("a shell", os.execute())
for _, command in ipairs {
  "true", "false", "echo one 'two  three' \"four\\\"five\" six\\ seven # eight", "echo",
  "sh -c 'exit 3'", "sh -c 'echo out; echo err >&2'",
  "sh -c 'echo gone >&2' 2>/dev/null", "sh -c 'echo both >&2' 2>&1", "echo gone >/dev/null",
  "echo gone > /dev/null 2>&1", "cat </dev/null", "\necho lines\n\n", "cat /nowhere/at/all 2>/dev/null",
} do
  io.stdout:flush()
  show(command, os.execute(command))
end

local function popen(command, mode)
  local file = assert(io.popen(command, mode))
  show(io.type(file), (tostring(file):gsub("%(0x%x+%)", "(ADDRESS)"):gsub("%(%x+%)", "(ADDRESS)")))
  return file
end

local file = popen("echo one two")
show(file:read("*a"))
show("at the end", file:read("*a"), file:read("*l"))
show("closed", file:close())
show(io.type(file), tostring(file), pcall(file.close, file))
show(pcall(io.lines, file))

file = popen("sh -c 'echo 12 -1.5 word; echo line; printf rest; exit 7'", "r")
show(file:read("*n", "*n"))
show(file:read(3, "*l"))
show(file:read("*l"))
show((file:seek("set", 0)))
show((select(2, file:seek())))
show(file:read(1), file:read(0), file:read("*a"))
show("writing", (file:write("x")))
show("closed", file:close())

for line in popen("sh -c 'for i in 1 2 3; do echo line $i; done'"):lines() do show(line) end

file = popen("cat", "w")
show("reading", (file:read("*l")))
io.stdout:flush()
local written = file:write("to ", "cat\n", 12, "\n") and "written"
local set = file:setvbuf("full", 16)
local more = file:write(("x"):rep(100), "\n") and "written"
local flushed = file:flush() and "flushed"
show(written, set, more, flushed, file:close())

-- More than a pipe holds, both ways.
file = popen("sh -c 'i=0; while [ $i -lt 5000 ]; do echo 0123456789012345678901234567890123456789; i=$((i+1)); done'")
show(#file:read("*a"), file:close())
local count = 0
for line in io.popen("sh -c 'cat /proc/self/status; exit 1'"):lines() do count = count + #line end
show(count > 100)

-- Several at once, as default files, and left to the collector.
local files = {}
for i = 1, 10 do files[i] = io.popen("echo number " .. i) end
for i = 10, 1, -1 do show(files[i]:read("*l"), files[i]:close()) end
io.input(io.popen("echo as the default"))
show(io.read("*l"))
io.close(io.input())
io.input(io.stdin)
for i = 1, 50 do io.popen("true") end
collectgarbage() collectgarbage()

show(pcall(io.popen))
for _, mode in ipairs { "rw", "", "x", "rr", "re" } do
  local ok, file, why = pcall(io.popen, "true", mode)
  show(mode, ok, io.type(file) or file, why)
end
show(pcall(os.execute, {}))
if _VERSION >= "Lua 5.4" then
  assert(load [[
    local file <close> = io.popen("sh -c 'exit 9'")
  ]])()
end
show("environment", os.getenv("STAGE"))
io.stdout:flush()
os.execute("sh -c 'echo $STAGE'")
