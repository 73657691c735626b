-- lua: 5.1-5.5

local s = "\a\b\f\n\r\t\v\\\"\'"
print(#s, s:byte(1, -1))
print('a "quoted" word', "an 'apostrophe'", 'it\'s', "say \"so\"")
print("one\
two")
print(#"a\
b", ("a\
b"):byte(2))
