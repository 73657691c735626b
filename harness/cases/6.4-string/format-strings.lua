-- lua: 5.1-5.5

for _, f in ipairs{"%s|", "%5s|", "%-5s|", "%.2s|", "%5.1s|", "%-5.1s|", "%.0s|", "%.s|", "%.99s|", "%20s|"} do
  print(f, string.format(f, "abc"), string.format(f, ""), string.format(f, 12.5), string.format(f, "\200\201\202"), string.format(f, "a longer string"))
end
print(#string.format("%s", ("x"):rep(1000)), #string.format("%.50s", ("x"):rep(1000)), #string.format("%-99s", ("x"):rep(200)), #string.format("%50s", ("x"):rep(98)))
print(pcall(string.format, "%s"))
print(pcall(string.format, "%s %s", 1))
print(string.format("%%"), string.format("%5%" == "" and "" or "100%%"), string.format("no specifier", 1, 2), string.format(""), string.format(5))
print(pcall(string.format))
print(pcall(string.format, nil))
print(pcall(string.format, {}))
