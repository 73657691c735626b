-- lua: 5.1-5.5
local name = ("long_name_"):rep(30)
local source = table.concat({
  "-- a comment " .. ("of words "):rep(20),
  "--[[ a long one ]=] " .. ("of lines\n"):rep(10) .. "]]",
  "local " .. name .. " = 'text \\' \\\\ \\65\\n' .. \"" .. ("more text "):rep(30) .. "\"",
  "local long = [==[\nfirst ]] ]=] [[ [=[ \r\n" .. ("second\n\r"):rep(5) .. "]==]",
  "local x1, _, __y = 0x1F, 3.25e2, .5",
  "return " .. name .. " .. long .. x1 .. _ .. __y -- the end",
}, "\n")
local function in_pieces(text, size)
  local at = 1
  return function()
    local piece = text:sub(at, at + size - 1)
    at = at + size
    return piece ~= "" and piece or nil
  end
end
local whole
for _, size in ipairs {1, 2, 3, 7, 31, 32, 33, 100, 1000, 100000} do
  local result = assert(load(in_pieces(source, size), "=source"))()
  whole = whole or result
  print(size, #result, result == whole)
end
print((whole:gsub("%c", "|")))
for _, wrong in ipairs {
  "x = 'unfinished", "x = 'unfinished\n'", "x = \"unfin\\", "x = [[unfinished\nlong", "--[[unfinished",
  "x = [==[a]=]", "x = 12abc", "x = " .. name .. " " .. name, "x = 'a' 'b'", "x = [=a",
  "-- only a comment", "--", "--[==", "x = ']' ]",
} do
  for _, size in ipairs {1, 5, 1000} do print(load(in_pieces(wrong, size), "=wrong")) end
end
