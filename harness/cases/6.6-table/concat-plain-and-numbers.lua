-- lua: 5.1-5.5

print(table.concat({}) == "", table.concat({}, ", ") == "", table.concat({"only"}, ", "))
print(table.concat({1, 2, 3}), table.concat({1, "a", 2.5, -7}, "|"))
print(table.concat({2^53, 1e15, 1e100, -0.5, 100}, " "))
print(#table.concat({"a\0b", "\255\128", ""}, "\0"))
print((table.concat({"a\0b", "\255", ""}, "\0"):gsub("[^a-z]", function(c) return "<" .. c:byte() .. ">" end)))
print(table.concat({"x", "y", "z"}, 7), table.concat({"x", "y"}, 1.5))
print(select("#", table.concat({1, 2})), type(table.concat({1, 2})))
