-- lua: 5.1-5.5

-- A known difference. There are no processes in the sandbox.
print(pcall(os.execute, "exit 3"))
