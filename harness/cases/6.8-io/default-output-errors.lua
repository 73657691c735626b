-- lua: 5.1-5.5
-- files: yes

print(pcall(io.output, "nowhere/x"))
print(pcall(io.output, {}))
print(pcall(io.output, true))
print(io.output() == io.stdout)
io.output("files/out")
io.output():close()
print(pcall(io.write, "x"))
print(pcall(io.flush))
print(pcall(io.close))
print(tostring(io.output()))
print(io.output(io.stdout) == io.stdout)
