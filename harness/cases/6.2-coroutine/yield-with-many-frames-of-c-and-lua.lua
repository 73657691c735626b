-- lua: 5.2-5.5

local function f(n)
  if n == 0 then return coroutine.yield("bottom") end
  local kind = n % 4
  if kind == 0 then return select(2, pcall(f, n - 1)) .. "p"
  elseif kind == 1 then return setmetatable({}, {__index = function(_, k) return f(n - 1) .. "i" end}).x
  elseif kind == 2 then return (setmetatable({}, {__call = function(_, k) return f(k) .. "c" end})(n - 1))
  else for v in function() return f(n - 1) .. "f" end do return v end end
end
local co = coroutine.create(f)
print(coroutine.resume(co, 40))
print(coroutine.resume(co, "top:"))
co = coroutine.create(function() return pcall(f, 12) end)
print(coroutine.resume(co))
print(coroutine.resume(co, nil))
