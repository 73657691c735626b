-- lua: 5.1-5.5

-- A known difference: addresses are shorter in the sandbox.
print(#tostring({}) > 20)
