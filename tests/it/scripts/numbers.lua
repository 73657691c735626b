-- Numbers to text and back. What a bare print shows of floats differs by version, not by machine.
local seed = 12345
local function random(n) seed = (seed * 16807) % 2147483647 return seed % n end
local inf, nan = 1 / 0, 0 / 0
local function show(x) if x ~= x then return "nan" end return string.format("%.17g", x) end
local formats = {"%.14g", "%.17g", "%5.3f", "%.0f", "%.2f", "%e", "%.3e", "%g", "%G", "%10.4g", "%-12.3f|", "%+.1f", "%#.0f", "% .5g", "%012.3f", "%.20f", "%.99f", "%99.1f"}
local values = {0, -0.0, 0.5, 1.5, 2.5, 3.5, -0.5, 0.125, 0.375, 0.625, 1.005, 2.675, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22, 1e23, 123456789012345680, 2^53, 2^53 + 2, 2^63, 2^64, 1e100, 1e308, 1.7976931348623157e308, 2.2250738585072014e-308, 4.9406564584124654e-324, 1e-5, 1e-4, 0.1, 0.2, 0.3, 1/3, 2/3, 100, 1e14, 1e15 - 0.5, 99999.5, 999999.5, 0.00001234, 5e-324, 3e-320, inf, -inf, math.pi, -math.pi, 9.5, 99.5, 0.05, 0.25, 0.75, 0.995, 9.995}
for _, v in ipairs(values) do
  local line = {}
  for i, f in ipairs(formats) do line[i] = f:format(v) end
  print(table.concat(line, " "), tostring(v))
end
print(pcall(string.format, "%.100f", 1)) print(pcall(string.format, "%d", 3.0)) print(pcall(string.format, "%d", 3.5)) print(pcall(string.format, "%d", "10")) print(pcall(string.format, "%x", -1)) print(pcall(string.format, "%5d|%-5d|%05d|%+d", 42, 42, 42, 42)) print(pcall(string.format, "%c%c", 65, 0)) print(pcall(string.format, "%i", 2^31)) print(pcall(string.format, "%u", 42)) print(pcall(string.format, "%o %X %#x", 8, 255, 255))
print(pcall(string.format, "%s %10s %-10s| %.2s", "a", "b", "c", "long")) print(pcall(string.format, "%q", "a\nb\\\"\0\r\t\1272")) print(pcall(string.format, "%s", nil)) print(pcall(string.format, "%%"))  print(pcall(string.format, "%", 1))
-- any bit pattern
for i = 1, 20000 do
  local mantissa = random(2^26) * 2^26 + random(2^26)
  local exponent = random(2098) - 1074 - 52
  local v = mantissa * 2^math.max(exponent, -1022) * 2^math.min(0, exponent + 1022)
  if random(2) == 1 then v = -v end
  if i % 20 == 0 then print(string.format("%.14g %.17g %.3f %g %e", v, v, v % 1e6, v, v)) end
  assert(tonumber(string.format("%.17g", v)) == v or v ~= v, string.format("%.17g", v))
  local s = string.format("%.14g", v) assert(string.format("%.14g", tonumber(s)) == s or v == 0, s)
end
if string.pack then
  for i = 1, 5000 do
    local v = string.unpack("<d", string.pack("<I4I4", random(2^31) * 2 + random(2), random(2^31) * 2 + random(2)))
    if v == v then
      if i % 10 == 0 then print(string.format("%.14g %a %.3a %q", v, v, v, v), v) end
      assert(tonumber(string.format("%a", v)) == v)
    end
  end
end
-- text to numbers
for _, s in ipairs {"0", "-0", "1", " 1 ", "1 2", "", " ", "1e", "1e1", "1e+1", "1e-1", ".5", "5.", ".", "e1", "0x", "0x10", "0X1p4", "0x.8", "0x1.8p1", "0xA.8p-1", "0x1p-1074", "0x1p-1075", "0x1.8p-1075", "0x1p1024", "1e309", "-1e309", "1e-400", "inf", "nan", "0b1", "1_000", "1,5", "9007199254740993", "9007199254740992.9", "9223372036854775807", "9223372036854775808", "-9223372036854775808", "-9223372036854775809", "18446744073709551616", "0xffffffffffffffff", "0x1ffffffffffffffff", "123456789012345678901234567890", "0.1e1000000", "0." .. ("0"):rep(400) .. "1e401", ("9"):rep(400), ("1"):rep(20) .. ".5", "2.2250738585072011e-308", "2.2250738585072014e-308", "4.9e-324", "2.4703282292062327e-324", "2.4703282292062328e-324", "1.7976931348623158e308", "1.7976931348623159e308", "5e-324", "8.5", "0.500000000000000166533453693773481063544750213623046875", "1.00000000000000011102230246251565404236316680908203125", "1.00000000000000011102230246251565404236316680908203124", "1.00000000000000011102230246251565404236316680908203126", "9007199254740993e0", "0x10000000000000081p0", "0x1.00000000000008p0", "0x1.000000000000081p0", "\t12\n", "1\0", "1e5x", "0x1g", "--1", "+1", "- 1", "1e0x1", "0x1e1", "0xep1", "1E2", "1e0000000000000001"} do
  local n = tonumber(s)
  print((s:sub(1, 40):gsub("[%z\n\t]", "?")), n and show(n), n and tostring(n))
end
for _, a in ipairs {{"10", 2}, {"ff", 16}, {"zz", 36}, {"8", 8}, {"-ff", 16}, {" 11 ", 2}, {"7fffffffffffffff", 16}, {"", 10}, {"1.5", 10}, {"1e1", 16}} do print(a[1], a[2], tonumber(a[1], a[2])) end
for i = 1, 2000 do
  local digits = {} for d = 1, 1 + random(40) do digits[d] = random(10) end
  local s = table.concat(digits) local at = random(#s + 1) s = s:sub(1, at) .. "." .. s:sub(at + 1) .. "e" .. (random(640) - 320)
  local n = tonumber(s) if i % 10 == 0 then print(s, string.format("%.17g", n)) end
end
-- arithmetic
local nums = {0, -0.0, 1, -1, 2, 3, -3, 0.5, -0.5, 7.5, -7.5, 1e308, 5e-324, 2^53, inf, -inf}
for _, a in ipairs(nums) do for _, b in ipairs(nums) do
  print(show(a + b), show(a - b), show(a * b), show(a / b), b ~= 0 and b < inf and b > -inf and show(a % b), show(a ^ b), a < b, a <= b, a == b)
end end
for _, x in ipairs {0, 0.5, 1, -1, 2.5, -2.5, 10, 100, 1e10} do
  print(show(math.floor(x)), show(math.ceil(x)), show(math.abs(x)), show(math.sqrt(math.abs(x))), show(math.fmod(x, 3)), show((math.modf(x))), math.max(x, 1), math.min(x, 1))
  print(string.format("%.10g %.10g %.10g %.10g %.10g %.10g", math.sin(x), math.cos(x), math.tan(x), math.exp(x / 1e9), math.log(math.abs(x) + 1), math.atan(x)))
end
print(math.huge, -math.huge, math.pi, pcall(math.floor, {}), pcall(math.fmod, 1, 0))
