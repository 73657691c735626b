-- lua: 5.1-5.5

local strict = setmetatable({}, {__index = function (_, k) error("unknown variable " .. k) end})
strict.name = nil
local function render(template, env) return (template:gsub("%$(%w+)", env)) end
local function page(env) local text = render("Hello $name", env) return text end
print(page{name = "you"})
print(page(strict))
