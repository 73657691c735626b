-- lua: 5.1-5.5

-- Lists are stored in batches of 50; some limits of the instructions are at 256 and 512.
local compile = loadstring or load
for _, n in ipairs{0, 1, 49, 50, 51, 99, 100, 101, 255, 256, 257, 511, 512, 513, 1000, 5000} do
  local items, hash = {}, {}
  for i = 1, n do items[i] = tostring(i) hash[i] = "k" .. i .. "=" .. i .. "," end
  local t = assert(compile("return {" .. table.concat(items, ",") .. "}"))()
  local h = assert(compile("local t = {" .. table.concat(hash) .. "...} return t.k1, t.k" .. n .. ", #t", "=x"))
  local sum = 0
  for i = 1, #t do sum = sum + t[i] end
  print(n, #t, sum, t[n], t[n + 1], h(1, 2, 3))
end
