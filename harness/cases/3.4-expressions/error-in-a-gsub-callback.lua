-- lua: 5.1-5.5

local function replace(word)
  if word == "bad" then error("bad word") end
  return word:upper()
end
local function clean(s)
  local r = s:gsub("%a+", replace)
  return r
end
print(clean "good words")
print(clean "some bad words")
