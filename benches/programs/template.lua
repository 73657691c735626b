-- A text template, compiled to Lua by patterns and rendered with data.
local source = [[
<h1>{{ title }}</h1>
{% for _, item in ipairs(items) do %}
<li class="{{ item.class }}">{{ item.name }}: {{ item.price }}{% if item.sold then %} (sold){% end %}</li>
{% end %}
<p>{{ total }} in all</p>
]]

local function compile(text)
  local parts, at = { "local out, title, items, total = ...\n" }, 1
  while true do
    local from, to, kind, code = text:find("{([{%%])%s*(.-)%s*[}%%]}", at)
    local literal = text:sub(at, (from or 0) - 1)
    if #literal > 0 then parts[#parts + 1] = ("out[#out + 1] = %q\n"):format(literal) end
    if not from then break end
    if kind == "{" then
      parts[#parts + 1] = "out[#out + 1] = tostring(" .. code .. ")\n"
    else
      parts[#parts + 1] = code .. "\n"
    end
    at = to + 1
  end
  return assert((loadstring or load)(table.concat(parts)))
end

local items = {}
for i = 1, 100 do
  items[i] = { name = "item " .. i, class = i % 2 == 0 and "even" or "odd", price = i * 1.5, sold = i % 7 == 0 }
end

function bench()
  local size = 0
  for _ = 1, 20 do
    local render = compile(source)
    for _ = 1, 4 do
      local out = {}
      render(out, "List", items, #items)
      size = size + #table.concat(out)
    end
  end
  return size
end
