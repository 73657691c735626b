-- lua: 5.1-5.5

module1 = {sub = {}}
function module1.sub.run(f, ...) f(...) return "ran" end
function module1:method(x) self.sub.run(function(y) error("value " .. y) end, x) return 1 end
local function main()
  print(pcall(module1.method, module1, 1))
  module1:method(2)
  print "never"
end
main()
