-- lua: 5.4-5.5

local a <close> = setmetatable({}, {__close = function(_, e) print("exit", e) error({}) end})
print "exit now"
os.exit(true, true)
