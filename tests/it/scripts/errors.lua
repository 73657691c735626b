-- A hundred thousand errors thrown and caught, of each kind.
local counts = {}
local function count(what) counts[what] = (counts[what] or 0) + 1 end
for i = 1, 100000 do
  local kind = i % 5
  local ok, e
  if kind == 0 then ok, e = pcall(error, "text") count(e)
  elseif kind == 1 then ok, e = pcall(error, {}) count(type(e))
  elseif kind == 2 then ok, e = pcall(function() local x = nil; return x.y end) count(e:match("attempt to index") or e)
  elseif kind == 3 then ok, e = xpcall(function() error("deep", 0) end, function(m) return m .. " handled" end) count(e)
  else ok, e = coroutine.resume(coroutine.create(function() error(i) end)) count(type(e)) end
  assert(not ok)
end
local keys = {} for k, v in pairs(counts) do keys[#keys + 1] = k .. "=" .. v end
table.sort(keys) print(table.concat(keys, " "))
