-- What the soak asks for: acts that are right, and acts that are to be stopped or refused.
-- The action names the act, the user a Go guest where one is concerned.

local luago = require "luago"

local acts = {}

-- The reason starts with the request's own mark, so that no answer is taken for another.
local function says(request, text)
  return { allow = true, reason = request.resource .. " " .. tostring(text) }
end

-- Calls what is to fail; the reason says how it did.
local function fails(request, f, ...)
  local ok, e = pcall(f, ...)
  return { allow = ok, reason = request.resource .. " " .. tostring(e):sub(1, 300) }
end

local function hog()
  local hoard, block = {}, ("x"):rep(1000)
  while true do
    hoard[#hoard + 1] = block:rep(100) .. #hoard
  end
end

-- Does something over and over until it is refused, and keeps what it got.
local function until_refused(most, f)
  local kept = {}
  for i = 1, most do
    local ok, value, message = pcall(f, i)
    if not ok then error(value, 0) end
    if value == nil then error(message, 0) end
    kept[i] = value
  end
  return most
end

-- Good ones.

function acts.compute(request)
  local words = {}
  for i = 1, 2000 do words[i] = ("%05d"):format((i * 7919) % 10007) end
  table.sort(words)
  local sum = 0
  for i, word in ipairs(words) do sum = (sum * 31 + i * tonumber(word)) % 1000003 end
  return says(request, sum)
end

function acts.look_up(request)
  local user = db.user("bo")
  return says(request, user.role .. " " .. user.quota)
end

function acts.both(request)
  local user, count = luago.spawn(db.user, "cy"), luago.spawn(db.count, "ana", "upload")
  return says(request, user:await().name .. " " .. count:await())
end

function acts.read(request)
  local file = assert(io.open("/data/file1"))
  local text = file:read("a")
  file:close()
  return says(request, text)
end

function acts.segment(request)
  local array = luago.segment(8 * 1000):array "f64"
  for i = 1, #array do array[i] = i end
  local sum = 0
  for i = 1, #array do sum = sum + array[i] end
  return says(request, ("%d"):format(sum))
end

-- Ones that die.

function acts.error(request) error("crashed at " .. request.resource) end
function acts.error_table() error({ code = 7 }) end
function acts.error_giant() error(("x"):rep(300000)) end
function acts.exit() os.exit(3) end

function acts.overflow()
  local function deeper() return 1 + deeper() end
  return deeper()
end

function acts.overflow_c()
  local text = "x"
  local function deeper() return (text:gsub("x", deeper)) end
  return deeper()
end

function acts.overflow_coroutines()
  local function deeper() return coroutine.wrap(deeper)() end
  return deeper()
end

function acts.no_verdict() return "yes" end

function acts.deep_verdict()
  local verdict = { allow = true }
  for _ = 1, 1000 do verdict = { verdict } end
  return { allow = true, reason = verdict }
end

function acts.wide_verdict()
  local verdict = { allow = true }
  for i = 1, 100000 do verdict[i] = i end
  return verdict
end

-- Ones that want too much memory.

function acts.hog() hog() end
function acts.careful_hog(request) return fails(request, hog) end
function acts.bomb() return ("x"):rep(1000000000) end
function acts.careful_bomb(request) return fails(request, string.rep, "x", 1000000000) end
function acts.endless_bomb(request) return fails(request, string.rep, "xx", math.maxinteger) end

function acts.coroutines()
  local kept = {}
  while true do
    local one = coroutine.create(function(...) coroutine.yield(...) end)
    coroutine.resume(one, {}, {})
    kept[#kept + 1] = one
  end
end

function acts.deep_source(request)
  return fails(request, function() assert(load("return " .. ("("):rep(100000))) end)
end

-- Ones that have the host keep things.

function acts.flood()
  local block = ("much ado "):rep(100)
  while true do print(block) end
end

function acts.careful_flood()
  local block = ("much ado "):rep(100)
  while true do pcall(io.write, block) end
end

function acts.large_argument(request)
  return fails(request, db.user, ("x"):rep(1000000))
end

function acts.arguments(request)
  local refused, wide, deep = 0, {}, {}
  for i = 1, 100000 do wide[i] = i end
  for _ = 1, 1000 do deep = { deep } end
  local text = ("x"):rep(1000000)
  for _ = 1, 50 do
    for _, argument in ipairs { text, wide, deep, print, 7 } do
      if argument ~= 7 and not pcall(db.user, argument) then refused = refused + 1 end
    end
  end
  return says(request, refused)
end

function acts.kept_errors(request)
  local errors = {}
  for i = 1, 500 do
    local _, e = pcall(db.count, { ("x"):rep(10000) })
    errors[i] = e
  end
  return says(request, #errors)
end

function acts.kept_replies(request)
  local found = 0
  for _ = 1, 50 do
    local tasks = {}
    for i = 1, 20 do tasks[i] = luago.spawn(db.user, ("x"):rep(60000)) end
    for i = 1, 20 do
      if pcall(tasks[i].await, tasks[i]) then found = found + 1 end
    end
    if found >= 40 then break end
  end
  return says(request, found >= 40)
end

function acts.waiting_arguments()
  local text, tasks = ("x"):rep(60000), {}
  for i = 1, 5000 do tasks[i] = luago.spawn(db.user, text .. i) end
  luago.all(tasks)
  error("the tasks were all taken", 0)
end

function acts.tasks()
  local tasks = {}
  while true do tasks[#tasks + 1] = luago.spawn(luago.sleep, 60) end
end

-- A request is over when all its tasks are.
function acts.tasks_left(request)
  for _ = 1, 500 do luago.spawn(luago.sleep, 60) end
  return says(request, "left")
end

function acts.segments(request)
  return fails(request, until_refused, 100000, function() return luago.segment(65536) end)
end

function acts.files(request)
  return fails(request, until_refused, 64, function(i)
    return io.open("/data/file" .. i % 20)
  end)
end

function acts.write(request)
  return fails(request, function() assert(io.open("/data/new", "w")) end)
end

function acts.escape(request)
  return fails(request, function() assert(io.open("/data/../../etc/passwd")) end)
end

-- Ones that take too long.

function acts.spin() while true do end end
function acts.careful_spin() while true do pcall(error) end end
function acts.careful_hog_spin() while true do pcall(hog) end end
function acts.careful_exit_spin() while true do pcall(db.user, {}) end end
function acts.pattern() return (("a"):rep(5000)):find((".-"):rep(20) .. "b") end
function acts.sleep() luago.sleep(60) end

function acts.finalizer()
  setmetatable({}, { __gc = function() while true do end end })
  collectgarbage()
  while true do end
end

function acts.spawner()
  while true do
    local task = luago.spawn(error, "again")
    pcall(task.await, task)
  end
end

-- Go guests.

local function go(request) return luago.guest(request.user) end

function acts.go_good(request)
  local guest = go(request)
  local list = guest.map({ 1, 2, 3 }, function(n) return n * n end)
  local last
  for n in guest.countdown(1000) do
    last = n
    if n == 990 then break end
  end
  local a, b = luago.spawn(guest.nap, 0.002), luago.spawn(guest.nap, 0.001)
  local text = { guest.add(2, 3), guest.upper("bo"), list[3], last, a:await(), b:await() }
  return says(request, table.concat(text, " "))
end

function acts.go_segment(request)
  local array = luago.segment(8 * 1000):array "f64"
  for i = 1, #array do array[i] = i end
  return says(request, ("%d"):format(go(request).sum(array)))
end

function acts.go_panic(request)
  local guest = go(request)
  local answer = fails(request, guest.panic)
  return guest.add(1, 1) == 2 and answer
end

function acts.go_die(request) return fails(request, go(request).die) end
function acts.go_deadlock(request) return fails(request, go(request).deadlock) end
function acts.go_exit(request) return fails(request, go(request).exit, 3) end
function acts.go_hog(request) return fails(request, go(request).hog) end
function acts.go_busy(request) return fails(request, go(request).busy) end
function acts.go_recurse(request) return fails(request, go(request).recurse) end
function acts.go_flood(request) return fails(request, go(request).flood) end
function acts.go_leak(request) return says(request, go(request).leak(500)) end
function acts.go_refused(request) return says(request, go(request).refused(3000)) end

function acts.go_left(request)
  local guest = go(request)
  for _ = 1, 50 do luago.spawn(guest.nap, 60) end
  return says(request, "left")
end

function acts.go_arguments(request)
  local guest, refused = go(request), 0
  for _ = 1, 50 do
    if not pcall(guest.upper, ("x"):rep(1000000)) then refused = refused + 1 end
  end
  return says(request, refused)
end

function check(request)
  return acts[request.action](request)
end
