local max, min = math.maxinteger, math.mininteger
print(max, min, max + 1 == min, min - 1 == max, max * 2, min * min, -min, min // -1, min % -1, math.abs(min), max + 0.0, min + 0.0)
local ints = {0, 1, -1, 2, -2, 3, -3, 7, -7, 63, 64, 2^31 | 0, 2^53 | 0, max, min, max - 1, min + 1}
for _, a in ipairs(ints) do for _, b in ipairs(ints) do
  print(a, b, a + b, a - b, a * b, a / b, a & b, a | b, a ~ b, a << b, a >> b, a == b, a < b, a <= b, b ~= 0 and a // b, b ~= 0 and a % b, math.ult(a, b))
end print(~a, -a, a // 0.0, a % math.huge, a ^ 2, a | 0, tostring(a + 0.0)) end
local floats = {0.5, -0.5, 1.0, -1.5, 2.5, 1e15, 2^53, 2^63, -2^63, 1e308, 1/0, -1/0}
for _, a in ipairs(floats) do for _, b in ipairs {3, -3, 0.7, -0.7, max, min} do
  print(a, b, a // b, a % b, b // a, b % a, a < b, a <= b, a == b, a > b)
end print(pcall(function() return a | 0 end)) print(math.type(a), math.tointeger(a), math.floor(a), math.ceil(a), pcall(string.format, "%d", a)) end
print(pcall(function() return 1 // 0 end)) print(pcall(function() return 1 % 0 end)) print(pcall(function() return "a" | 1 end)) print(pcall(function() return 1.5 | 1 end)) print(pcall(function() return "3" | "4" end)) print(pcall(function() return 2^63 | 0 end)) print("10" + 5, "0x10" + 0, "1e1" + 0, "10" // "3", "7" % 4)
print(1 == 1.0, math.type(1), math.type(1.0), math.type("1"), 1 < 1.5, max < max + 0.0, max + 0.0 == 2^63, max == 2^63)
local t = {} t[1] = "a" t[1.0] = "b" t[2^53] = "c" print(#t, t[1], t[2^53 | 0], next({[3.0] = 1}))
for i = max - 2, max - 1 do io.write(i, " ") end for i = min + 2, min + 1, -1 do io.write(i, " ") end for i = 1, 3 do io.write(i, " ") end for i = 1.0, 3 do io.write(i, " ") end for i = 3, 1 do io.write("never") end print()
print(pcall(function() for i = 1, 10, 0 do end end)) print(math.tointeger("8"), math.tointeger(8.5), math.tointeger(2^63))
if string.pack then
  local function hex(s) return (s:gsub(".", function(c) return ("%02x"):format(c:byte()) end)) end
  for _, f in ipairs {"b", "B", "h", "H", "i", "I", "l", "L", "j", "J", "T", "i1", "i2", "i3", "i7", "i8", "i16", "I16", "<i4", ">i4", "=i4", "!4 i8", "!8 b i8", ">!8 b Xi8 i8", "f", "d", "n", "s", "s1", "s2", "z", "c10", "xb", "b x b", "!2 b i4", "<I3", ">I5", "!1 b l", "! b l", "! b T", "! b s"} do
    local value = (f:find("[szc]") and "text") or (f:find("[fdn]") and 1.5) or 42
    print(f, pcall(string.packsize, f))
    for _, v in ipairs {value, type(value) == "number" and -value or value} do
      local args = {v, v, v} local ok, s = pcall(string.pack, f, v, v, v)
      print(ok, ok and hex(s) or s) if ok then print(pcall(string.unpack, f, s)) end
    end
  end
  print(pcall(string.pack, "i1", 200)) print(pcall(string.pack, "I1", -1)) print(pcall(string.pack, "i17", 1)) print(pcall(string.pack, "q", 1)) print(pcall(string.unpack, "i4", "abc")) print(pcall(string.unpack, "s", "\255\255\255\255\255\255\255\255")) print(pcall(string.unpack, "z", "abc")) print(pcall(string.unpack, "i16", ("\255"):rep(15) .. "\1")) print(pcall(string.packsize, "s")) print(pcall(string.packsize, "c2147483640c100")) print(pcall(string.pack, "!3 i4", 1)) print(string.unpack("<i2", "\1\2\3\4", 3)) print(pcall(string.unpack, "b", "a", 5)) print(string.unpack("b", "abc", -1))
end
