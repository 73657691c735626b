-- A short tour of what a script can and cannot do in the sandbox.
--
--   luago-run guests/examples/tour.lua
--   luago-run --lua 5.1 guests/examples/tour.lua

local function title(text)
  print()
  print("-- " .. text)
end

local function show(what, ...)
  local parts = {}
  for i = 1, select("#", ...) do
    parts[i] = tostring((select(i, ...)))
  end
  print(("  %-28s %s"):format(what, table.concat(parts, "  ")))
end

-- What a call that is expected to fail says: returned or raised.
local function refusal(f, ...)
  local ok, result, message = pcall(f, ...)
  if ok and result then
    return "it worked"
  end
  return message or result
end

print("Hello from " .. _VERSION .. ", in a sandbox.")

title("The whole language is here")

show("2^53", ("%.0f"):format(2 ^ 53))
show("coroutines", coroutine.wrap(function(a)
  local b = coroutine.yield(a .. " out,")
  return b
end)("one"))

local ok, err = pcall(error, { code = 42 })
show("pcall", ok, type(err), err.code)

local function deep(n)
  return n == 0 and 0 or 1 + deep(n - 1)
end
show("recursion", deep(10000) .. " levels deep")
show("and without an end", (refusal(function()
  local function forever() return 1 + forever() end
  return forever()
end):match("stack overflow")))

local words = {}
for word in ("The quick brown fox"):gmatch("%a+") do
  words[#words + 1] = word:lower():gsub("^%l", string.upper)
end
show("string patterns", table.concat(words, "-"))

local point = setmetatable({ x = 3, y = 4 }, {
  __tostring = function(p) return "(" .. p.x .. ", " .. p.y .. ")" end,
})
show("metatables", point)

local chunk = (loadstring or load)("return 6 * 7")
show("code from text", chunk())

show("modules beside the script", require("json").encode({ 1, "two", true }))

title("The world outside is not")

show("reading a file", refusal(io.open, "/etc/passwd"))
show("writing a file", refusal(io.open, "notes.txt", "w"))
show("removing a file", refusal(os.remove, "notes.txt"))
show("starting a process", refusal(os.execute, "ls"))
show("talking to a process", refusal(io.popen, "ls"))
show("loading machine code", refusal(package.loadlib, "libc.so.6", "system"))
show("a temporary file", refusal(io.tmpfile))
show("the variable HOME", os.getenv("HOME"))

title("Time passes")

local started = os.clock()
local sum = 0
for i = 1, 200000 do
  sum = sum + i
end
show("os.clock", os.clock() >= started and "runs" or "stands still")
show("os.date", os.date("!%Y") >= "2000" and "tells the date" or "does not know the date")
show("os.date('%Z')", os.date("%Z"))

title("Grant what a script needs, and bound what it spends")

print([[
  luago-run --dir data:ro script.lua       it can read the folder data
  luago-run --dir out:rw script.lua        it can write to the folder out
  luago-run --env HOME script.lua          it can see the variable HOME
  luago-run --timeout 1s script.lua        it is stopped after a second
  luago-run --memory 32MiB script.lua      it gets 32 MiB and no more]])
