-- lua: 5.1-5.5

local minus, plus = 0/0, -(0/0)
print(minus + plus, plus + minus, minus - plus, plus * minus)
