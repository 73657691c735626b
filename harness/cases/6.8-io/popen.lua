-- lua: 5.1-5.5

-- A known difference. There are no processes in the sandbox.
local ok, p = pcall(io.popen, "echo hello")
print(ok, ok and p:read("*a"), ok or p)
if ok then print(p:close()) end
