-- lua: 5.1-5.5

local function sequence(...)
  math.randomseed(...)
  local t = {}
  for i = 1, 20 do t[i] = math.random(1000) end
  return table.concat(t, " ")
end
print(sequence(42) == sequence(42), sequence(42) == sequence(43), sequence("42") == sequence(42))
print(sequence(-1) == sequence(-1), sequence(0) == sequence(0), sequence(2^31) == sequence(2^31))
print(pcall(math.randomseed, "x"))
print(pcall(math.randomseed, {}))
print(pcall(math.randomseed, nil))
