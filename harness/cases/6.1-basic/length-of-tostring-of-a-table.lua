-- lua: 5.1-5.5

-- an address of a 32-bit machine has fewer digits
print(#tostring({}) == #"table: 0x5555555555555")
print(#tostring({}) > #"table: 0x555555555")
