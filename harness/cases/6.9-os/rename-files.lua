-- lua: 5.1-5.5
-- files: yes

local function put(name, text) local f = io.open(name, "w") f:write(text) f:close() end
local function get(name) local f = io.open(name) if not f then return nil end local s = f:read("*a") f:close() return s end
put("files/a", "A")
print(os.rename("files/a", "files/b"), get("files/a"), get("files/b"))
put("files/c", "C")
print(os.rename("files/c", "files/b"), get("files/c"), get("files/b"))
print(os.rename("files/b", "files/b"), get("files/b"))
local f = io.open("files/b")
print(os.rename("files/b", "files/d"), f:read("*a"))
local r, message, code = os.rename("files/none", "files/e")
print(r, message, type(code))
r, message = os.rename("files/d", "nowhere/e")
print(r, message)
r, message = os.rename("files/d", "")
print(r, message)
