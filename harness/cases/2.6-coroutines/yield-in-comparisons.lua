-- lua: 5.2-5.5

local mt = {
  __eq = function() return coroutine.yield("eq") end,
  __lt = function() return coroutine.yield("lt") end,
  __le = function() return coroutine.yield("le") end,
}
local a, b = setmetatable({}, mt), setmetatable({}, mt)
local function run(...)
  local answers = {...}
  local co = coroutine.wrap(function()
    local r = {}
    r[#r + 1] = tostring(a == b); r[#r + 1] = tostring(a ~= b)
    r[#r + 1] = tostring(a < b); r[#r + 1] = tostring(a > b)
    r[#r + 1] = tostring(a <= b); r[#r + 1] = tostring(not (a >= b))
    if a < b then r[#r + 1] = "then" else r[#r + 1] = "else" end
    while a <= b do r[#r + 1] = "loop" end
    return table.concat(r, " ")
  end)
  local v = co()
  local i = 0
  while v == "eq" or v == "lt" or v == "le" do i = i + 1; io.write(v, " "); v = co(answers[i]) end
  print(v)
end
run(true, true, true, true, true, true, true, true, false)
run(false, nil, 0, "", false, nil, nil, nil)
