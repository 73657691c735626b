-- lua: 5.1-5.5

local function try(v, level) return select(2, pcall(function() error(v, level) end)) end
for _, level in ipairs {0, 1, 2} do
  print(level, try("s", level), try(5, level), try(true, level), type(try({}, level)), type(try(5, level)))
end
print(try("", 1), try("a\0b", 1) == "levels-add-positions-to-strings-only.lua:3: a\0b")
