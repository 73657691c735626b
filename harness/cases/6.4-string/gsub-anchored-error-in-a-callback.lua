-- lua: 5.1-5.5

local function check(word)
  if #word > 4 then error("word too long: " .. word) end
  return word:upper()
end
local function convert(text)
  return (string.gsub(text, "%a+", check))
end
print(convert("one two"))
print(convert("one three two"))
