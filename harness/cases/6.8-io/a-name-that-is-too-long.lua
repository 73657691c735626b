-- lua: 5.1-5.5
-- files: yes

local f, message = io.open("files/" .. ("n"):rep(300), "w")
print(f, message:match(": (.*)"))
