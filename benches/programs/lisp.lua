-- An interpreter for a Lisp: closures, environments and dispatch by type.
local function read(text)
  local at = 1
  local function expression()
    local _, stop, token = text:find("^%s*([()]?[^%s()]*)", at)
    if token:sub(1, 1) == "(" then
      at = text:find("%(", at) + 1
      local list = {}
      while not text:find("^%s*%)", at) do list[#list + 1] = expression() end
      at = text:find("%)", at) + 1
      return list
    end
    at = stop + 1
    return tonumber(token) or token
  end
  return expression()
end

local special = {}

local function lookup(env, name)
  while env do
    local value = env.names[name]
    if value ~= nil then return value end
    env = env.outer
  end
  error("no " .. name)
end

local function eval(x, env)
  if type(x) == "string" then return lookup(env, x) end
  if type(x) ~= "table" then return x end
  local form = special[x[1]]
  if form then return form(x, env) end
  local f = eval(x[1], env)
  local arguments = {}
  for i = 2, #x do arguments[i - 1] = eval(x[i], env) end
  return f(arguments)
end

special["if"] = function(x, env)
  if eval(x[2], env) then return eval(x[3], env) end
  return eval(x[4], env)
end

special.define = function(x, env) env.names[x[2]] = eval(x[3], env) end

special.lambda = function(x, env)
  return function(arguments)
    local names = {}
    for i, name in ipairs(x[2]) do names[name] = arguments[i] end
    return eval(x[3], { names = names, outer = env })
  end
end

local root = { names = {
  ["+"] = function(a) return a[1] + a[2] end,
  ["-"] = function(a) return a[1] - a[2] end,
  ["<"] = function(a) return a[1] < a[2] end,
} }

eval(read("(define fib (lambda (n) (if (< n 2) n (+ (fib (- n 1)) (fib (- n 2))))))"), root)
local call = read("(fib 16)")

function bench() return eval(call, root) end
