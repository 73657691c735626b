-- lua: 5.1-5.5

local inf = 1/0
print(tostring(inf), tostring(-inf), inf .. "", -inf .. "", string.format("%g %f %e %5.1f|%-6.2g|%+f|%06.1f", inf, inf, inf, inf, inf, inf, inf))
print(string.format("%s %s %.1s", inf, -inf, inf))
local nan = 0/0
print((tostring(nan):gsub("%-", "")), nan == nan, nan ~= nan, (string.format("%f %g %e", nan, nan, nan):gsub("%-", "")))
print((string.format("%8.2f|%-8g|%08f", nan, nan, nan):gsub("[%- ]", "")))
print(tostring(0.0), tostring(-0.0), 0.0 .. "", -0.0 .. "", string.format("%g %f %.0f %d", -0.0, -0.0, -0.0, -0.0), 0.0 == -0.0)
print(tostring(1e308 * 10), tostring(-1e308 * 10), 2^1024, -2^1024)
