-- lua: 5.1-5.5

-- from 5.2 on a value that refers to its own key keeps neither
local t = setmetatable({}, {__mode = "k"})
do
  local key = {}
  t[key] = {back = key}
end
collectgarbage() collectgarbage()
print(next(t) == nil)
local chain, first = setmetatable({}, {__mode = "k"}), {}
local k = first
for i = 1, 10 do local n = {i}; chain[k] = n; k = n end
k = nil
collectgarbage()
local n, at = 0, first
while chain[at] do at = chain[at]; n = n + 1 end
print(n, at[1])
first, at = nil, nil
collectgarbage() collectgarbage()
print(next(chain) == nil)
