-- lua: 5.4-5.5

print(pcall(function() for i in next, {}, nil, 5 do end end))
print(pcall(function() for i in next, {}, nil, {} do end end))
print(pcall(function() for i in next, {}, nil, "s" do end end))
print(pcall(function() for i in next, {}, nil, nil do end return "nil is fine" end))
print(pcall(function() for i in next, {}, nil, false do end return "so is false" end))
