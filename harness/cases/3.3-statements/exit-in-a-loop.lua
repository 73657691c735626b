-- lua: 5.1-5.5

for i = 1, 10 do
  print(i)
  if i == 3 then os.exit(i) end
end
