-- lua: 5.1-5.5
-- files: yes

for _, text in ipairs {"\239\187\191return 1", "\239\187\191# comment\nreturn 2", "# comment\nreturn 3", "\239\187return 4", "\239\187\191"} do
  local f = io.open("files/bom.lua", "wb")
  f:write(text)
  f:close()
  local shown = {pcall(dofile, "files/bom.lua")}
  shown[2] = tostring(shown[2]):gsub("[\128-\255]", "?")
  print(shown[1], shown[2])
  print(type(loadfile("files/bom.lua")))
end
