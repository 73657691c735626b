-- lua: 5.1-5.5

local t = {a = 1, ["b c"] = 2, [1] = 3, [1.5] = 4, [true] = 5}
print(t.a, t["a"], t["b c"], t[1], t[1.0], t[1.5], t[3/2], t[true], t[false], t["1"])
t.a, t["d"], t[2^53] = nil, {e = {f = "deep"}}, "big"
print(t.a, t.d.e.f, t["d"]["e"]["f"], t.d["e"].f, t[2^53], t[9007199254740992])
local key = "d"
print(t[key] == t.d, t[(key)].e.f)
