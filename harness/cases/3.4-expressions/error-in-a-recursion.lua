-- lua: 5.1-5.5

-- The middle of a long traceback is left out.
local function down(n)
  if n == 0 then error("at the bottom") end
  down(n - 1)
  return n
end
print(pcall(down, 3))
down(40)
