-- A small templating engine, and an example of its use.
--
--   luago-run guests/examples/template.lua
--
--   {{ expression }}    its value, with &, <, > and quotes escaped
--   {{{ expression }}}  its value as it is
--   {% statement %}     any Lua, such as a loop; alone on a line, it leaves none
--
-- A template is turned into one Lua function, which sees the values that it is
-- given, then the globals.

local template = {}

local entities = { ["&"] = "&amp;", ["<"] = "&lt;", [">"] = "&gt;", ['"'] = "&quot;", ["'"] = "&#39;" }

local function escape(value)
  return (tostring(value):gsub("[&<>\"']", entities))
end

-- Loads code with its own globals, in every version of Lua.
local function load_with(code, name, env)
  if setfenv then
    local chunk, message = loadstring(code, name)
    return chunk and setfenv(chunk, env), message
  end
  return load(code, name, "t", env)
end

local function fail_open(text, at)
  error("a tag is opened and never closed: " .. text:match("[^\n]*", at), 0)
end

-- Lua code that writes what the template says; each line of the template is a
-- line of the code, so that an error names the line where it is.
local function compile(text)
  local code = {}
  local function add(part)
    code[#code + 1] = part
  end
  local function add_text(part)
    if part ~= "" then
      local literal = ("%q"):format(part):gsub("\\\n", "\\n")
      local _, newlines = part:gsub("\n", "")
      add(" write(" .. literal .. ")" .. ("\n"):rep(newlines))
    end
  end
  local at = 1
  while true do
    local from = text:find("{[{%%]", at)
    if not from then
      add_text(text:sub(at))
      return table.concat(code)
    end
    local before = text:sub(at, from - 1)
    if text:sub(from, from + 2) == "{{{" then
      local body, stop = text:match("^{{{(.-)}}}()", from)
      if not body then fail_open(text, from) end
      add_text(before)
      add(" write(tostring(" .. body .. "))")
      at = stop
    elseif text:sub(from, from + 1) == "{{" then
      local body, stop = text:match("^{{(.-)}}()", from)
      if not body then fail_open(text, from) end
      add_text(before)
      add(" write(escape(" .. body .. "))")
      at = stop
    else
      local body, stop = text:match("^{%%(.-)%%}()", from)
      if not body then fail_open(text, from) end
      local blank_before = text:sub(1, from - 1):match("[^\n]*$"):match("^[ \t]*$")
      local next_line = text:match("^[ \t]*\n()", stop)
      if blank_before and next_line then
        add_text((before:gsub("[ \t]+$", "")))
        add(" " .. body .. "\n")
        at = next_line
      else
        add_text(before)
        add(" " .. body)
        at = stop
      end
    end
  end
end

-- Makes a function from values to text out of a template.
function template.new(text, name)
  local values, output
  local env = setmetatable({
    escape = escape,
    tostring = tostring,
    write = function(part) output[#output + 1] = part end,
  }, {
    __index = function(_, key)
      local value = values[key]
      if value == nil then
        value = _G[key]
      end
      return value
    end,
  })
  local chunk, message = load_with(compile(text), "=" .. (name or "template"), env)
  if not chunk then
    error(message, 0)
  end
  return function(given)
    values, output = given or {}, {}
    chunk()
    return table.concat(output)
  end
end

local page = template.new([[
<h1>{{ title }}</h1>
<ul>
{% for i, item in ipairs(items) do %}
  <li>{{ i }}. {{ item.name }}{% if item.price then %}: {{ ("%.2f"):format(item.price) }}{% end %}</li>
{% end %}
</ul>
{% if #items == 0 then %}
<p>Nothing here.</p>
{% else %}
<p>{{ #items }} things, {{{ note }}}</p>
{% end %}
]], "page")

io.write(page({
  title = "Fish & Chips <to go>",
  note = "<em>freshly made</em>",
  items = {
    { name = "Cod", price = 7.5 },
    { name = "Chips", price = 3 },
    { name = "Vinegar \"extra\"" },
  },
}))

print("-- and a mistake in a template names its line:")
print(select(2, pcall(template.new("one\ntwo\n{{ nobody.name }}\n", "letter"))))

return template
