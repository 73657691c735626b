-- lua: 5.1-5.5

local tasks, log = {}, {}
for id, n in ipairs {3, 1, 2} do
  tasks[#tasks + 1] = coroutine.create(function()
    for i = 1, n do log[#log + 1] = id .. "." .. i; coroutine.yield() end
    log[#log + 1] = id .. " done"
  end)
end
while #tasks > 0 do
  for i = #tasks, 1, -1 do
    coroutine.resume(tasks[i])
    if coroutine.status(tasks[i]) == "dead" then table.remove(tasks, i) end
  end
end
print(table.concat(log, " "))
