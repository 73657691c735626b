-- lua: 5.1-5.5

local load = loadstring or load
local function nested(open, close, n) return "return " .. open:rep(n) .. "1" .. close:rep(n) end
print(load(nested("(", ")", 100))())
for _, pair in ipairs {{"(", ")"}, {"{", "}"}, {"-", ""}, {"not ", ""}, {"f(", ")"}, {"1 .. ", ""}, {"2^", ""}} do
  local f, e = load(nested(pair[1], pair[2], 300), "=code")
  print(pair[1], type(f), e)
end
local f, e = load(("do "):rep(300) .. ("end "):rep(300), "=code")
print(f, e)
