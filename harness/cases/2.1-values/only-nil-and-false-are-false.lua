-- lua: 5.1-5.5

local function truth(v) if v then return "true" else return "false" end end
print(truth(nil), truth(false), truth(0), truth(""), truth("0"), truth({}), truth(0/0))
print(not nil, not false, not 0, not "")
print(nil or false, false or nil, nil and 1, false and 1, 1 and nil)
print(1 and 2, 1 or error("not evaluated"), false and error("not evaluated"))
print(nil == false, 0 == false, "" == false)
