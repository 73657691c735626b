-- lua: 5.1-5.5

-- More constants than fit into one operand.
local compile = loadstring or load
for _, n in ipairs{127, 128, 255, 256, 257, 300, 1000} do
  local t = {"local t, s = {}, 0"}
  for i = 1, n do t[#t + 1] = "t.k" .. i .. " = " .. i .. ".5 s = s + t.k" .. i .. " - " .. i end
  t[#t + 1] = "if t.k" .. n .. " == " .. n .. ".5 then return s, t.k" .. n .. " .. 'end" .. n .. "', t['k" .. n .. "'] < " .. n + 1 .. " end"
  print(n, assert(compile(table.concat(t, "\n")))())
end
