-- lua: 5.1-5.5

-- A known difference. It is GMT natively, and UTC in the sandbox.
print(os.date("!%Z", 0))
