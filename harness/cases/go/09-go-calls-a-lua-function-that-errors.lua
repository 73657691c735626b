-- lua: 5.1-5.5
-- go: scenarios
local go = require "scenarios"

print(go.attempt(function() return 1, 2, 3 end))
print(go.attempt(function() error("a text", 0) end))
print(go.attempt(function() error({ code = 7 }) end))
print(go.attempt(function() error(42, 0) end))
print(go.attempt(function() error(true) end))
print(go.attempt(function() go.load "full" end))

-- Lua gets back what was raised, itself or as the cause of what Go says.
local function passed(value, wrap)
  local ok, e = pcall(go.pass_on, function() error(value, 0) end, wrap)
  return ok, e
end
print(passed("a text", false))
local ok, e = passed({ code = 7 }, false)
print(ok, type(e), e.code)
ok, e = passed("a text", true)
print(ok, e.message, e.causes[1])

ok, e = pcall(go.map, function(n) if n == 3 then error("no threes", 0) end return n end, { 1, 2, 3, 4 })
print(ok, tostring(e))

-- A position in the script is kept.
print(go.attempt(function() error("with a position") end))
