-- JSON in plain Lua, for Lua 5.1 to 5.5.
--
--   local json = require("json")
--   local value = json.decode('{"a": [1, 2, null]}')
--   print(json.encode(value, "  "))
--
-- Arrays are tables with the metatable json.array, so that an empty array stays
-- an array; null is json.null. An object remembers the order of its keys.

local json = {}

json.null = setmetatable({}, { __tostring = function() return "null" end })
json.array = {}

-- Where an object keeps the order in which its keys were read.
local orders = setmetatable({}, { __mode = "k" })

-- Deeper nesting than this is refused rather than left to the stack.
local MAX_DEPTH = 500

local escapes = {
  ['"'] = '"', ["\\"] = "\\", ["/"] = "/",
  b = "\b", f = "\f", n = "\n", r = "\r", t = "\t",
}

local function fail(text, at, message)
  local line, column = 1, at
  for newline in text:sub(1, at - 1):gmatch("()\n") do
    line, column = line + 1, at - newline
  end
  error(("line %d, column %d: %s"):format(line, column, message), 0)
end

local function skip_space(text, at)
  return text:find("[^ \t\r\n]", at) or #text + 1
end

local function utf8_encode(code)
  local function tail(shift)
    return 0x80 + math.floor(code / shift) % 0x40
  end
  if code < 0x80 then
    return string.char(code)
  elseif code < 0x800 then
    return string.char(0xC0 + math.floor(code / 0x40), tail(1))
  elseif code < 0x10000 then
    return string.char(0xE0 + math.floor(code / 0x1000), tail(0x40), tail(1))
  end
  return string.char(0xF0 + math.floor(code / 0x40000), tail(0x1000), tail(0x40), tail(1))
end

-- The character of a \u escape whose digits start at 'at', and what follows it.
local function unicode_escape(text, at)
  local digits = text:match("^%x%x%x%x", at)
  if not digits then
    fail(text, at, "four hexadecimal digits belong after \\u")
  end
  local code = tonumber(digits, 16)
  at = at + 4
  if code >= 0xD800 and code < 0xDC00 then
    local low = text:match("^\\u([dD][c-fC-F]%x%x)", at)
    if low then
      return utf8_encode(0x10000 + (code - 0xD800) * 0x400 + tonumber(low, 16) - 0xDC00), at + 6
    end
  end
  if code >= 0xD800 and code < 0xE000 then
    return utf8_encode(0xFFFD), at -- half of a pair
  end
  return utf8_encode(code), at
end

local function decode_string(text, at)
  local parts = {}
  local from = at + 1
  while true do
    local to = text:find('["\\%c]', from)
    if not to then
      fail(text, at, "this string has no end")
    end
    parts[#parts + 1] = text:sub(from, to - 1)
    local char = text:sub(to, to)
    if char == '"' then
      return table.concat(parts), to + 1
    elseif char == "\\" then
      local letter = text:sub(to + 1, to + 1)
      if letter == "u" then
        parts[#parts + 1], from = unicode_escape(text, to + 2)
      elseif escapes[letter] then
        parts[#parts + 1], from = escapes[letter], to + 2
      else
        fail(text, to, "there is no escape \\" .. letter)
      end
    elseif char == "\127" then
      parts[#parts + 1], from = char, to + 1
    else
      fail(text, to, "a control character in a string must be escaped")
    end
  end
end

local function decode_number(text, at)
  local number = text:match("^-?%d+%.?%d*[eE]?[+-]?%d*", at)
  local whole = number and number:match("^-?(%d+)")
  if not number or not tonumber(number) or number:find("%.%f[^%d]")
    or (#whole > 1 and whole:sub(1, 1) == "0") then
    fail(text, at, "a value was expected")
  end
  return tonumber(number), at + #number
end

local decode_value

local function decode_array(text, at, depth)
  local array = setmetatable({}, json.array)
  at = skip_space(text, at + 1)
  if text:sub(at, at) == "]" then
    return array, at + 1
  end
  while true do
    array[#array + 1], at = decode_value(text, at, depth)
    at = skip_space(text, at)
    local char = text:sub(at, at)
    if char == "]" then
      return array, at + 1
    elseif char ~= "," then
      fail(text, at, "',' or ']' was expected")
    end
    at = skip_space(text, at + 1)
  end
end

local function decode_object(text, at, depth)
  local object, order = {}, {}
  orders[object] = order
  at = skip_space(text, at + 1)
  if text:sub(at, at) == "}" then
    return object, at + 1
  end
  while true do
    if text:sub(at, at) ~= '"' then
      fail(text, at, "a key in quotes was expected")
    end
    local key, value
    key, at = decode_string(text, at)
    at = skip_space(text, at)
    if text:sub(at, at) ~= ":" then
      fail(text, at, "':' was expected")
    end
    value, at = decode_value(text, skip_space(text, at + 1), depth)
    if object[key] == nil then
      order[#order + 1] = key
    end
    object[key] = value
    at = skip_space(text, at)
    local char = text:sub(at, at)
    if char == "}" then
      return object, at + 1
    elseif char ~= "," then
      fail(text, at, "',' or '}' was expected")
    end
    at = skip_space(text, at + 1)
  end
end

local literals = { ["true"] = true, ["false"] = false, ["null"] = json.null }

function decode_value(text, at, depth)
  if depth > MAX_DEPTH then
    fail(text, at, "this is nested too deeply")
  end
  local char = text:sub(at, at)
  if char == "{" then
    return decode_object(text, at, depth + 1)
  elseif char == "[" then
    return decode_array(text, at, depth + 1)
  elseif char == '"' then
    return decode_string(text, at)
  end
  local word = text:match("^%a+", at)
  if word and literals[word] ~= nil then
    return literals[word], at + #word
  end
  return decode_number(text, at)
end

-- Reads one JSON value; raises a message with line and column if it is not one.
function json.decode(text)
  local value, at = decode_value(text, skip_space(text, 1), 0)
  at = skip_space(text, at)
  if at <= #text then
    fail(text, at, "nothing more was expected after the value")
  end
  return value
end

local function encode_string(text)
  return '"' .. text:gsub('["\\%c]', function(char)
    if char == '"' or char == "\\" then
      return "\\" .. char
    elseif char == "\127" then
      return char
    elseif char == "\n" then
      return "\\n"
    elseif char == "\t" then
      return "\\t"
    elseif char == "\r" then
      return "\\r"
    end
    return ("\\u%04x"):format(char:byte())
  end) .. '"'
end

local function encode_number(number)
  if number ~= number or number == math.huge or number == -math.huge then
    error("JSON has no number " .. tostring(number), 0)
  end
  if number == math.floor(number) and math.abs(number) < 2 ^ 53 then
    return ("%.0f"):format(number)
  end
  if math.type and math.type(number) == "integer" then
    return tostring(number)
  end
  local short = ("%.15g"):format(number)
  return tonumber(short) == number and short or ("%.17g"):format(number)
end

-- The keys of an object: as they were read, or in alphabetical order.
local function keys_of(object)
  local keys, seen = {}, {}
  for _, key in ipairs(orders[object] or {}) do
    if object[key] ~= nil then
      keys[#keys + 1] = key
      seen[key] = true
    end
  end
  local rest = {}
  for key in pairs(object) do
    if type(key) ~= "string" then
      error("JSON has no keys of type " .. type(key), 0)
    end
    if not seen[key] then
      rest[#rest + 1] = key
    end
  end
  table.sort(rest)
  for _, key in ipairs(rest) do
    keys[#keys + 1] = key
  end
  return keys
end

local encode_value

local function encode_members(members, open, close, indent, level)
  if #members == 0 then
    return open .. close
  elseif not indent then
    return open .. table.concat(members, ",") .. close
  end
  local inner = "\n" .. indent:rep(level + 1)
  return open .. inner .. table.concat(members, "," .. inner) .. "\n" .. indent:rep(level) .. close
end

local function encode_table(value, indent, level)
  if level > MAX_DEPTH then
    error("this is nested too deeply, or contains itself", 0)
  end
  local members = {}
  if getmetatable(value) == json.array or #value > 0 then
    for i, member in ipairs(value) do
      members[i] = encode_value(member, indent, level + 1)
    end
    return encode_members(members, "[", "]", indent, level)
  end
  local colon = indent and ": " or ":"
  for i, key in ipairs(keys_of(value)) do
    members[i] = encode_string(key) .. colon .. encode_value(value[key], indent, level + 1)
  end
  return encode_members(members, "{", "}", indent, level)
end

function encode_value(value, indent, level)
  local kind = type(value)
  if value == json.null or kind == "nil" then
    return "null"
  elseif kind == "string" then
    return encode_string(value)
  elseif kind == "number" then
    return encode_number(value)
  elseif kind == "boolean" then
    return tostring(value)
  elseif kind == "table" then
    return encode_table(value, indent, level)
  end
  error("JSON has no values of type " .. kind, 0)
end

-- Writes a value as JSON: on one line, or on many with an indent such as "  ".
function json.encode(value, indent)
  return encode_value(value, indent, 0)
end

return json
