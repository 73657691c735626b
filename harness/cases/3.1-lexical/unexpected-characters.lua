-- lua: 5.1-5.5

local compile = loadstring or load
for _, c in ipairs{"$", "@", "!", "`", "?", "\\", "~=", "&", "|", "\0", "\1", "\127", "\128", "\255", "\27", "\195\169"} do
  local _, message = compile("x = " .. c .. " 1", "=x")
  print((message:gsub("[^\32-\126]", function(b) return "<" .. b:byte() .. ">" end)))
end
