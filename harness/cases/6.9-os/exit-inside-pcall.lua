-- lua: 5.1-5.5

print(pcall(function()
  print("inside")
  os.exit(9)
end))
print("never")
