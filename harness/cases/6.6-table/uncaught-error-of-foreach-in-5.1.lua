-- lua: 5.1

local function visit(k, v)
  if v == "stop" then error{at = k} end
  if v == "fail" then error("failed at " .. k, 0) end
end
print(pcall(table.foreachi, {"a", "stop"}, visit) == false)
table.foreach({"a", "fail"}, visit)
