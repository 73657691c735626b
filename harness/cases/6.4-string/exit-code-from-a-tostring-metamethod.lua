-- lua: 5.2-5.5

local t = setmetatable({}, {__tostring = function () os.exit(false) end})
print("before")
print(string.format("%s", t))
print("after")
