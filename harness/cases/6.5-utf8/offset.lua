-- lua: 5.3-5.5

local s = "aä€😀z"
for n = -7, 7 do print(n, pcall(utf8.offset, s, n)) end
for i = 1, #s + 1 do print(i, pcall(utf8.offset, s, 0, i)) end
for _, a in ipairs{{1, 2}, {2, 2}, {3, 4}, {-1, 4}, {-2, 7}, {1, -1}, {-1, -1}, {1, 12}, {-1, 12}, {1, 13}, {1, 0}, {1, -100}, {5, 1}, {6, 1}, {7, 1}} do print(a[1], a[2], pcall(utf8.offset, s, a[1], a[2])) end
