-- lua: 5.5

local function f(...args)
  local function sum()
    local s = 0
    for i = 1, args.n do s = s + (args[i] or 0) end
    return s
  end
  return sum, function(i, v) args[i] = v end
end
local sum, set = f(1, 2, nil, 4)
print(sum()) set(3, 10) print(sum())
local function g(...t) return t[1.0], t["n"], t[-1], t[0], t[t.n], t.missing, t[1/0] end
print(g("x", "y"))
print(pcall(function(...t) return t[nil] end, 1))
print(pcall(function(...t) t[nil] = 1 end, 1))
print(pcall(function(...t) return t.x.y end, 1))
print((function(...t) local n = 0 for k in pairs(t) do n = n + 1 end return n end)(1, 2, 3))
