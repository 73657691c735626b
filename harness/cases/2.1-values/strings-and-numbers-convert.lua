-- lua: 5.1-5.5

print("10" + 5, "0x10" + 0, " 7 " * 2, "1e1" + 0, 10 .. 20, -"2", "10" / "5", "2" ^ "3")
print(10 .. "", 1.5 .. "", -0.0 .. "", 2^53 .. "")
print("10" == 10, 10 == "10", tostring(10) == "10")
print(pcall(function() return "abc" + 1 end))
print(pcall(function() return "" + 1 end))
print(pcall(function() return "1 2" + 1 end))
print(pcall(function() return {} .. "x" end))
print(pcall(function() return 1 < "2" end))
print(pcall(function() return nil .. 1 end))
print(pcall(function() return "10" + {} end))
