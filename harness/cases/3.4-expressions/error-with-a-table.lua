-- lua: 5.1-5.5

local function fail() error({code = 42}) end
local ok, e = pcall(fail)
print(ok, type(e), e.code)
print(select(2, pcall(error, nil)))
print(select(2, pcall(error, false)))
print(select(2, pcall(error, 42)))
local function run() fail() end
run()
