-- lua: 5.2-5.5

for i = 1, 3 do _G["k" .. i] = setmetatable({}, {__gc = function() print("collected " .. i) end}) end
keep = setmetatable({}, {__gc = function(o)
  print("again", type(string.format), _G == nil)
  setmetatable(o, {__gc = function() print("and again") end})
end})
print("end")
