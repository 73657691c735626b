-- lua: 5.4-5.5

warn("@on")
keep1 = setmetatable({}, {__gc = function() print("second") error("failed at the end") end})
keep2 = setmetatable({}, {__gc = function() print("first") error({}) end})
print("script ends")
