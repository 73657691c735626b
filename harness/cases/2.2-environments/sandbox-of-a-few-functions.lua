-- lua: 5.1-5.5

local function run(code, env)
  local f, message
  if setfenv then
    f, message = loadstring(code, "=untrusted")
    if f then setfenv(f, env) end
  else
    f, message = load(code, "=untrusted", "t", env)
  end
  if not f then return nil, message end
  return pcall(f)
end
local env = {tostring = tostring, math = {floor = math.floor}}
print(run("return tostring(math.floor(3.7))", env))
print(run("return os.exit()", env))
print(run("print('x')", env))
print(run("leak = 1; return leak", env))
print(leak, env.leak)
print(run("return (", env))
print(run("return ('x'):rep(3)", env))
