-- lua: 5.1-5.5

local function inner(code)
  io.write("leaving with ", code, "\n")
  return os.exit(code)
end
local ok = pcall(function() inner(300 - 256) end)
print("never", ok)
