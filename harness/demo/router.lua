-- Answers a request: one line `METHOD PATH`, then headers, as a rule of a proxy would.

local method, path, headers = nil, nil, {}
for line in io.lines() do
  if not method then
    method, path = line:match("^(%u+) (%S+)")
  else
    local name, value = line:match("^([%w-]+):%s*(.-)%s*$")
    if name then headers[name:lower()] = value end
  end
end
if not method then error("this is no request") end

local function decode(text)
  return (text:gsub("+", " "):gsub("%%(%x%x)", function(hex)
    return string.char(tonumber(hex, 16))
  end))
end

local base, query = path:match("^([^?]*)%??(.*)$")
local parameters = {}
for name, value in query:gmatch("([^&=]+)=([^&]*)") do
  parameters[#parameters + 1] = decode(name) .. "=" .. decode(value)
end
table.sort(parameters)

local hash = 0
for index = 1, #base do hash = (hash * 31 + base:byte(index)) % 2147483647 end
local host = headers.host or "unknown"
local route = base:find("^/api/") and "api" or base:find("%.%w+$") and "static" or "page"
print(("%s %s%s -> %s-%d"):format(method, host, base, route, hash % 4))
for _, parameter in ipairs(parameters) do print("  " .. parameter) end
if headers["x-ratio"] then print(("  share %.3f"):format(tonumber(headers["x-ratio"]) / 3)) end
