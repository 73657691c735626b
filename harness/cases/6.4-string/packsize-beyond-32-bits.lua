-- lua: 5.3-5.5

-- Natively 5.5 has sizes of 64 bits.
print(pcall(string.packsize, "c4294967296"))
