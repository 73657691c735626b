-- lua: 5.1-5.5

for _, f in ipairs{"%a", "%A", "%b", "%B", "%c", "%d", "%H", "%I", "%j", "%m", "%M", "%p", "%S", "%U", "%w", "%W", "%x", "%X", "%y", "%Y", "%%"} do
  print(f, os.date("!" .. f, 0), os.date("!" .. f, 1709251199), os.date("!" .. f, 1234567890))
end
print(os.date("!%Y-%m-%dT%H:%M:%SZ", 1e9), os.date("!%Y%%%m", 0))
print("[" .. os.date("", 0) .. "]", "[" .. os.date("!", 0) .. "]", os.date("!plain", 0))
print(os.date("%H:%M", 3600 * 13 + 60 * 7), #os.date(), type(os.date()))
print((os.date("!a\0b%Y", 0):gsub("%z", "0")))
