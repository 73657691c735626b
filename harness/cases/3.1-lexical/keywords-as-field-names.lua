-- lua: 5.1-5.5

local compile = loadstring or load
for _, code in ipairs{"return {end = 1}", "return ({}).end", "local t = {} t.nil = 1", "return {['end'] = 1}['end']",
  "return ({['end'] = 7})['end']", "return {goto = 1}", "local t = {} function t.and() end", "return {global = 1}"} do
  local f, message = compile(code, "=x")
  print(code, f and type(f()) or message)
end
