-- lua: 5.1-5.5

local function f(n)
  if n == 1 then return "if" else
    while n == 2 do return "while" end
    repeat if n == 3 then return "repeat" end until true
    for i = 1, 2 do if n == 4 then return "for", i end end
    for k in pairs{1} do if n == 5 then return "pairs", k end end
    do if n == 6 then return end end
    local function g() return "inner" end
    if n == 7 then return g() end
  end
end
for i = 1, 8 do print(i, select("#", f(i)), f(i)) end
