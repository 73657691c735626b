-- lua: 5.1-5.5

for _, v in ipairs{1, -1, 0, 1.5, 0.1, -0.0, 1e100, 1/3, 1/0, -1/0, 2^53, 2^63, true, false, "1"} do
  print(v, pcall(string.format, "%q", v))
end
print(pcall(string.format, "%q", nil))
print(pcall(string.format, "%q", {}))
print(pcall(string.format, "%q", print))
print(pcall(string.format, "%q", coroutine.create(function () end)))
local t = setmetatable({}, {__tostring = function () return "text" end})
print(pcall(string.format, "%q", t))
