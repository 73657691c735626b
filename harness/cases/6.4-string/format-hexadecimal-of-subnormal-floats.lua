-- lua: 5.2-5.5

for _, x in ipairs{2^-1074, 2^-1030, 2^-1022 - 2^-1074} do print(string.format("%a %.3a %20a|", x, x, x)) end
