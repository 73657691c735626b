local function quoted(s)
  s = string.gsub(s, "-nan", "nan")
  s = string.gsub(s, "([:(] ?)0x%x+", "%1ADDR")
  return '"' .. string.gsub(s, '[%c"\\\127-\255]', function(c)
    return string.format("\\%03d", string.byte(c))
  end) .. '"'
end
local globals = _G
local function canonical(v, depth, above)
  local kind = type(v)
  if kind == "string" then return quoted(v) end
  if kind == "number" then
    if v ~= v then return "nan" end
    if math.type and math.type(v) == "integer" then return string.format("%d", v) end
    local s = string.format("%.17g", v)
    return math.type and not string.find(s, "[.en]") and s .. ".0" or s
  end
  if kind ~= "table" then return (kind == "nil" or kind == "boolean") and tostring(v) or kind end
  if rawequal(v, globals) then return "<globals>" end
  if above[v] then return "<cycle>" end
  if depth > 3 then return "{...}" end
  above[v] = true
  local numbers, others = {}, {}
  for key, value in next, v do
    local number = type(key) == "number"
    local list = number and numbers or others
    local text = "[" .. canonical(key, depth + 1, above) .. "]=" .. canonical(value, depth + 1, above)
    list[#list + 1] = number and { key, text } or text
  end
  above[v] = nil
  table.sort(numbers, function(a, b) return a[1] < b[1] end)
  table.sort(others)
  for i = 1, #numbers do numbers[i] = numbers[i][2] end
  for i = 1, #others do numbers[#numbers + 1] = others[i] end
  return "{" .. table.concat(numbers, ", ") .. "}"
end
local function show(...)
  local out = {}
  for i = 1, select("#", ...) do out[i] = canonical((select(i, ...)), 1, {}) end
  print(table.concat(out, " "))
end
