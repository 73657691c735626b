-- lua: 5.1-5.5

collectgarbage("stop")
if newproxy then
  getmetatable(newproxy(true)).__gc = function() io.stderr:write("finalizer\n") end
else
  setmetatable({}, {__gc = function() io.stderr:write("finalizer\n") end})
end
error("message", 0)
