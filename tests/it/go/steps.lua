-- Carries out random programs: lists of steps, some of which start tasks with steps of
-- their own. What is seen is noted for the model.

local luago = require "luago"
local unpack = table.unpack or unpack
local guests = { luago.guest "fixtures", luago.guest "more" }
local is_closing = _VERSION >= "Lua 5.4"

local slots = {}
local all = setmetatable({}, { __mode = "v" })
local last = 0
local steps

-- Starts what a body says with `how`, which gives a task or the results.
local function begin(body, how)
    last = last + 1
    local entry = { uid = last }
    local function go(f, ...) return how(entry, f, ...) end
    note("spawn", entry.uid, body.act, tostring(body.guest or 0))
    local guest = guests[body.guest]
    local act = body.act
    if act == "lua" then
        return go(function(uid)
            note("begin", uid)
            steps(body.steps, entry)
            note("end", uid)
            return uid
        end, entry.uid)
    elseif act == "direct" then
        return go(guest.add, entry.uid, 0)
    elseif act == "quick" then
        return go(guest.quick, entry.uid)
    elseif act == "nap" or act == "stubborn" or act == "yielding" then
        return go(guest[act], entry.uid, body.n)
    elseif act == "wait_for" then
        return go(guest.wait_for, entry.uid, "gate" .. body.n % 3, 2 + body.n)
    elseif act == "apply" then
        return go(guest.apply_one, function(uid)
            note("begin", uid)
            steps(body.steps, entry)
            note("end", uid)
            return uid
        end, entry.uid)
    elseif act == "many" then
        return go(function(uid)
            local sum = 0
            local list = guest.map_at_once(function(n)
                if n % 2 == 0 then luago.sleep(0.001) end
                return n + 1
            end, { 1, 2, 3, 4 })
            for i = 1, 4 do sum = sum + list[i] end
            if sum ~= 14 then note("wrong", uid, "the sum of a map is " .. sum) end
            return uid
        end, entry.uid)
    elseif act == "panic" or act == "fail" or act == "panic_in_luago_go" then
        return go(guest[act], "on purpose")
    elseif act == "die" then
        return go(guest.die, body.how)
    else
        return go(guest[act])
    end
end

local function spawn(body)
    return begin(body, function(entry, f, ...)
        entry.task = luago.spawn(f, ...)
        all[entry.uid] = entry.task
        return entry
    end)
end

local function status(entry)
    note("status", entry.uid, entry.task:status())
end

local function cancel(entry, reason)
    local before = entry.task:status()
    local ok, was = pcall(entry.task.cancel, entry.task, reason)
    -- A finalizer may have let it run between the two.
    if was == false then before = entry.task:status() end
    note("cancel", entry.uid, ok and tostring(was) or "raised", before)
    status(entry)
    if not ok then error(was, 0) end
end

local function await(entry)
    local ok, value = pcall(entry.task.await, entry.task)
    note("await", entry.uid, tostring(ok), tostring(value))
    status(entry)
    return ok, value
end

local function chosen(numbers)
    local entries, tasks = {}, {}
    for _, number in ipairs(numbers) do
        local entry = slots[number]
        if entry then
            entries[#entries + 1], tasks[#tasks + 1] = entry, entry.task
            note("may_cancel", entry.uid)
        end
    end
    return entries, tasks
end

local scope
if is_closing then
    scope = load("local task, f = ... local task <close> = task return f()")
else
    scope = function(task, f)
        local ok, value = pcall(f)
        task:cancel()
        if not ok then error(value, 0) end
    end
end

local function read(step, stream)
    local seen = 0
    local function check(value)
        seen = seen + 1
        if value ~= seen then note("wrong", 0, "value " .. seen .. " of a stream is " .. tostring(value)) end
        return seen >= step.take
    end
    if step.how == "loop" then
        for value in stream do
            if check(value) then break end
        end
    elseif step.how == "close" then
        for value in stream, nil, nil, stream do
            if check(value) then break end
        end
    elseif step.how == "spawn" then
        -- Another task reads on while this one goes.
        local task = luago.spawn(function()
            for value in stream do
                if check(value) then break end
            end
        end)
        luago.sleep(0.001)
        task:cancel()
        pcall(task.await, task)
    else
        for _ = 1, step.take do
            local value = stream()
            if value == nil then break end
            check(value)
        end
        stream = nil
        collectgarbage()
    end
    if step.how ~= "spawn" and seen > step.n then note("wrong", 0, "a stream is too long") end
    if step.how == "loop" and seen < math.min(step.n, step.take) and step.kind ~= "breaking" then
        note("wrong", 0, "a stream is too short")
    end
end

local nests = {
    sort = function(f)
        local done
        table.sort({ 3, 1, 2 }, function(a, b)
            if not done then done = true f() end
            return a < b
        end)
    end,
    index = function(f) return setmetatable({}, { __index = function() f() return 1 end }).x end,
    add = function(f) return setmetatable({}, { __add = function() f() return 1 end }) + 1 end,
    gsub = function(f) return (string.gsub("a", "a", function() f() end)) end,
    coroutine = function(f) coroutine.wrap(f)() end,
    pcall = function(f) note("nested", 0, tostring(pcall(f))) end,
    collect = function(f)
        if _VERSION ~= "Lua 5.1" then
            setmetatable({}, { __gc = function() pcall(f) end })
            collectgarbage()
        end
    end,
}

local actions = {
    spawn = function(step) slots[step.slot] = spawn(step.body) end,
    status = function(_, entry) status(entry) end,
    await = function(step, entry)
        local ok, value = await(entry)
        if not ok and step.bare then error(value, 0) end
    end,
    -- Without pcall around it, so that it leaves its coroutine in 5.1 too.
    await_bare = function(_, entry)
        local value = entry.task:await()
        note("await", entry.uid, "true", tostring(value))
    end,
    cancel = function(step, entry) cancel(entry, step.reason) end,
    cancel_self = function(_, _, own)
        if own.task then cancel(own, "by itself") end
    end,
    all = function(step)
        local entries, tasks = chosen(step.slots)
        local ok, values = pcall(luago.all, tasks)
        if ok then
            for i, entry in ipairs(entries) do note("await", entry.uid, "true", tostring(values[i])) end
        end
        note("nested", 0, tostring(ok))
    end,
    race = function(step)
        local entries, tasks = chosen(step.slots)
        local ok, value = pcall(luago.race, unpack(tasks))
        local is_one = not ok or #tasks == 0
        for _, entry in ipairs(entries) do
            is_one = is_one or value == entry.uid
            status(entry)
        end
        if not is_one then note("wrong", 0, "a race was won by " .. tostring(value)) end
    end,
    sleep = function(step) luago.sleep(step.ms / 1000) end,
    yield = function(_, _, own)
        if own.task and (coroutine.isyieldable or coroutine.running)() then
            pcall(coroutine.yield)
        end
    end,
    call = function(step)
        begin(step.body, function(entry, f, ...)
            local ok, value = pcall(f, ...)
            note("called", entry.uid, tostring(ok), tostring(value))
        end)
    end,
    timeout = function(step)
        begin(step.body, function(entry, f, ...)
            note("may_cancel", entry.uid)
            local ok, value = pcall(luago.timeout, step.ms / 1000, f, ...)
            note("called", entry.uid, tostring(ok), tostring(value))
        end)
    end,
    scope = function(step, _, own)
        local entry = spawn(step.body)
        note("may_cancel", entry.uid)
        local ok = pcall(scope, entry.task, function() steps(step.steps, own) end)
        note("nested", 0, tostring(ok))
        status(entry)
    end,
    open = function(step) pcall(guests[step.guest].open_for_good, "gate" .. step.gate) end,
    stream = function(step)
        local ok, why = pcall(function() read(step, guests[step.guest][step.kind](step.n)) end)
        note("stream", 0, tostring(ok), tostring(why))
    end,
    drop = function(step) slots[step.slot] = nil end,
    collect = function() collectgarbage() end,
    raise = function() error("raised by a step", 0) end,
    nest = function(step, _, own) nests[step.how](function() steps(step.steps, own) end) end,
}

function steps(list, own)
    for _, step in ipairs(list) do
        local entry = step.slot and slots[step.slot]
        count()
        if entry or not step.needs_slot then actions[step.op](step, entry, own) end
    end
end

function run(list) steps(list, {}) end

-- What has become of the tasks that somebody still holds.
function look()
    for uid, task in pairs(all) do
        note("final", uid, task:status())
        local ok, value = pcall(task.await, task)
        note("await", uid, tostring(ok), tostring(value))
    end
    slots = {}
    collectgarbage()
end

-- Whether the guests can be called, and why not.
function probe()
    local seen = {}
    for i = 1, 2 do
        local ok, value = pcall(guests[i].quick, 7)
        -- What a cancelled task has left behind may have ended it under this very call.
        if not ok then ok, value = pcall(guests[i].quick, 7) end
        seen[i] = ok and (value == 7 and "" or "wrong answer") or tostring(value)
    end
    return seen
end
