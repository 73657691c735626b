-- lua: 5.1-5.5

print((package.config:gsub("\n", "|")), #package.config)
local t = {}
for line in package.config:gmatch("[^\n]*") do t[#t + 1] = line end
print(t[1], type(package.config))
