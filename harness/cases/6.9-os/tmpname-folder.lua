-- lua: 5.1-5.5
-- files: yes

-- A known difference. Temporary files are in a granted folder.
local name = os.tmpname()
print(name:match("^(.*)/"))
os.remove(name)
