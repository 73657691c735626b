-- lua: 5.1-5.5

local function compile(code)
  return assert((loadstring or load)(code, "@compiled.lua"))
end
print(compile("return 1")())
compile("x = = 1")
