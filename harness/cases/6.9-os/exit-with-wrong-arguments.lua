-- lua: 5.2-5.5

print(pcall(os.exit, "x"))
print(pcall(os.exit, {}))
print(pcall(os.exit, print))
local function leave(how)
  os.exit(how)
end
leave({})
