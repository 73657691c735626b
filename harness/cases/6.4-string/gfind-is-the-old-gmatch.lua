-- lua: 5.1

print(string.gfind == string.gmatch)
for k, v in string.gfind("a=1, b=2", "(%w+)=(%w+)") do print(k, v) end
print(pcall(string.gfind))
print(pcall(string.gfind, "x"))
