-- lua: 5.1-5.5

-- 5.3 and later write a float with a fraction, so that it stays one.
print(1.0 .. "", -0.0 .. "", 1e3 .. "", 1e15 .. "", 1e16 .. "", 2^31 .. "", 1e100 .. "", 1/0 .. "", -1/0 .. "")
print(0.1 .. "|" .. 1/3 .. "|" .. 100 .. "|" .. 100.0 .. "|" .. 0x10 .. "|" .. 1e-10)
