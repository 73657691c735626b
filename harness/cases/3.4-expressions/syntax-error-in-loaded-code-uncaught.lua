-- lua: 5.1-5.5

local compile = loadstring or load
local function build(text)
  local chunk = assert(compile("return " .. text, "=formula"))
  return chunk()
end
print(build("1 + 2 * 3"))
print(pcall(build, "1 +"))
print(build("2 *\n* 3"))
