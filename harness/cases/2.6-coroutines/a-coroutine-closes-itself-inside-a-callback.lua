-- lua: 5.5

local function try(how, wrap)
  local closed
  local co = coroutine.create(function(what)
    local v <close> = setmetatable({}, {__close = function(t, e)
      if what == "yield" then coroutine.yield() elseif what == "error" then error(200) end
      closed = "closed"
    end})
    local f = function()
      print("yieldable", coroutine.isyieldable())
      print("inner", pcall(pcall, function() coroutine.close() print("not reached") end))
    end
    if wrap == "gsub" then string.gsub("a", "a", f)
    elseif wrap == "sort" then table.sort({2, 1}, f)
    elseif wrap == "meta" then return setmetatable({}, {__index = f}).x
    else f() end
  end)
  print(how, wrap, coroutine.resume(co, how))
  print(closed, coroutine.status(co), coroutine.close(co))
end
for _, how in ipairs {"ret", "error", "yield"} do
  for _, wrap in ipairs {"none", "gsub", "sort", "meta"} do try(how, wrap) end
end
-- In a coroutine inside another, which goes on.
print(pcall(function()
  local inner = coroutine.wrap(function() pcall(string.gsub, "a", "a", function() coroutine.close() end) end)
  return select("#", inner()), "the outer one goes on"
end))
