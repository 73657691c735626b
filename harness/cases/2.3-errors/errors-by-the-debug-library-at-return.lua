-- lua: 5.1-5.5

local function try(mask)
  local co = coroutine.create(function()
    local ok, e = pcall(error, "inner", 0)
    coroutine.yield(e)
    return "done"
  end)
  local n = 0
  debug.sethook(co, function(event) n = n + 1; if n == 6 then error("hook " .. event, 0) end end, mask)
  print(mask, coroutine.resume(co))
  print(mask, coroutine.resume(co))
end
try("c") try("r") try("cr") try("l")
