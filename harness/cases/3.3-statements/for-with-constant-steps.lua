-- lua: 5.1-5.5

-- Written out, so that whoever compiles a loop knows its step.
local t = {} for i = 1, 10, 2 do t[#t + 1] = i end print("by 2", table.concat(t, " "))
t = {} for i = 10, 1, -2 do t[#t + 1] = i end print("by -2", table.concat(t, " "))
t = {} for i = 1, 10, 3 do t[#t + 1] = i end print("by 3", table.concat(t, " "))
t = {} for i = 10, -10, -7 do t[#t + 1] = i end print("by -7", table.concat(t, " "))
t = {} for i = 1, 1, 2 do t[#t + 1] = i end print("once", table.concat(t, " "))
t = {} for i = 2, 1, 2 do t[#t + 1] = i end print("never", table.concat(t, " "))
t = {} for i = 1, 3, 0.5 do t[#t + 1] = i end print("by half", table.concat(t, " "))
local count = 0
for i = 1, 4 do for j = i, 12, 2 do for k = j, 0, -3 do count = count + i * j - k end end end
print(count)
local function bounds(from, to)
  local up, down = {}, {}
  for i = from, to, 2 do up[#up + 1] = i end
  for i = to, from, -4 do down[#down + 1] = i end
  return table.concat(up, " "), table.concat(down, " ")
end
print(bounds(1, 9)) print(bounds(-4, 5)) print(bounds(3, 3)) print(bounds(4, 3))
