-- lua: 5.1-5.5

local function shout(s)
  return string.upper(s)
end
local function greet(name)
  local text = "hello " .. shout(name)
  return text
end
print(greet("you"))
print(pcall(greet, 5))
print(pcall(greet))
print(greet({}))
