-- lua: 5.1-5.5

local load = loadstring or load
for _, name in ipairs {"=name", "@file.lua", "plain code", "line 1\nline 2", "", "=", "@", "=" .. ("x"):rep(100), "@" .. ("y"):rep(100), ("z"):rep(100)} do
  print(pcall(load("error('e')", name)))
end
print(pcall(load("\n\nerror('e')")))
