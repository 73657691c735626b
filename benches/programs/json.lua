-- A JSON reader and writer: bytes, patterns, recursion and tables of all shapes.
local escapes = { b = "\b", f = "\f", n = "\n", r = "\r", t = "\t" }

local function skip(text, at) return (text:find("%S", at)) or #text + 1 end

local parse

local function parse_string(text, at)
  local parts, from = {}, at + 1
  while true do
    local stop = text:find('["\\]', from)
    parts[#parts + 1] = text:sub(from, stop - 1)
    if text:byte(stop) == 34 then return table.concat(parts), stop + 1 end
    local letter = text:sub(stop + 1, stop + 1)
    parts[#parts + 1] = escapes[letter] or letter
    from = stop + 2
  end
end

function parse(text, at)
  at = skip(text, at)
  local first = text:sub(at, at)
  if first == "{" then
    local object = {}
    at = skip(text, at + 1)
    while text:sub(at, at) ~= "}" do
      local key, value
      key, at = parse_string(text, at)
      value, at = parse(text, skip(text, at) + 1)
      object[key] = value
      at = skip(text, at)
      if text:sub(at, at) == "," then at = skip(text, at + 1) end
    end
    return object, at + 1
  elseif first == "[" then
    local array = {}
    at = skip(text, at + 1)
    while text:sub(at, at) ~= "]" do
      array[#array + 1], at = parse(text, at)
      at = skip(text, at)
      if text:sub(at, at) == "," then at = at + 1 end
    end
    return array, at + 1
  elseif first == '"' then
    return parse_string(text, at)
  end
  local word = text:match("^[%w%.%+%-]+", at)
  local value = tonumber(word)
  if value == nil then value = word == "true" end
  return value, at + #word
end

local function write(value, parts)
  local kind = type(value)
  if kind == "table" then
    if #value > 0 then
      parts[#parts + 1] = "["
      for i, item in ipairs(value) do
        if i > 1 then parts[#parts + 1] = "," end
        write(item, parts)
      end
      parts[#parts + 1] = "]"
    else
      local keys = {}
      for key in pairs(value) do keys[#keys + 1] = key end
      table.sort(keys)
      parts[#parts + 1] = "{"
      for i, key in ipairs(keys) do
        if i > 1 then parts[#parts + 1] = "," end
        parts[#parts + 1] = '"' .. key .. '":'
        write(value[key], parts)
      end
      parts[#parts + 1] = "}"
    end
  elseif kind == "string" then
    parts[#parts + 1] = '"' .. value:gsub('[%c"\\]', "\\%0") .. '"'
  else
    parts[#parts + 1] = tostring(value)
  end
end

local rows = {}
for i = 1, 200 do
  rows[i] = '{"id": ' .. i .. ', "name": "row \\"' .. i .. '\\"", "tags": ["a", "b", "c' .. i ..
    '"], "price": ' .. i * 0.25 .. ', "sold": ' .. tostring(i % 3 == 0) .. "}"
end
local text = "[" .. table.concat(rows, ",\n") .. "]"

function bench()
  local total = 0
  for _ = 1, 3 do
    local parts = {}
    write(parse(text, 1), parts)
    total = total + #table.concat(parts)
  end
  return total
end
