-- lua: 5.1-5.5

local function kind(x)
  if x then return "true" elseif x == nil then return "nil" else return "false" end
end
print(kind(0), kind(""), kind(nil), kind(false), kind({}), kind(0/0), kind("false"))
for i = 1, 5 do
  if i == 1 then print "one"
  elseif i == 2 then print "two"
  elseif i < 4 then print "three"
  else print "more" end
end
if nil then print "no" end
if not nil then local x = 1 if x == 1 then print "nested" end end
