-- lua: 5.2-5.5

local co = coroutine.wrap(function()
  for i = 1, 5 do
    local ok, e = pcall(function()
      local v = coroutine.yield("round " .. i)
      if v == "error" then error("raised " .. i, 0) elseif v == "runtime" then return nil + 1 elseif v == "table" then error({i}) end
      return v
    end)
    print(ok, type(e) == "table" and e[1] or e)
  end
  return "end"
end)
print(co())
for _, v in ipairs {"error", "fine", "runtime", "table", "last"} do print(co(v)) end
