-- Runs the code that it is given, and shows the values that it returns.

local name, code = ...
local load, type, tostring, select = loadstring or load, type, tostring, select
local write, format, concat, sort = io.write, string.format, table.concat, table.sort
local rawget, next, math_type = rawget, next, math.type

local function show(value, depth)
  local kind = type(value)
  if kind == "string" then
    return (format("%q", value):gsub("\\\n", "\\n"))
  elseif kind == "number" then
    if math_type then return math_type(value) .. " " .. tostring(value) end
    return tostring(value)
  elseif kind == "table" and depth < 4 then
    local lines = {}
    for key, element in next, value do
      lines[#lines + 1] = "[" .. show(key, depth + 1) .. "] = " .. show(element, depth + 1)
    end
    sort(lines)
    return "{" .. concat(lines, ", ") .. "}"
  elseif kind == "boolean" or kind == "nil" then
    return tostring(value)
  end
  return kind
end

local function results(...)
  for index = 1, select("#", ...) do
    write("result ", index, ": ", show((select(index, ...)), 0), "\n")
  end
end

local chunk, message = load(code, "@" .. name)
if not chunk then error(message, 0) end
arg[0] = name
results(chunk(select(3, ...)))
