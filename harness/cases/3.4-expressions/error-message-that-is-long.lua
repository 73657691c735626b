-- lua: 5.1-5.5

local function fail(n) error(("0123456789"):rep(n), 0) end
print(#select(2, pcall(fail, 10)))
fail(2000)
