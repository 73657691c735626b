-- lua: 5.3-5.5

for _, f in ipairs{"!3i3", "!4i3", "X", "Xz", "Xs", "Xc1", "X ", "X!", "Xx", "!4Xi3", "!0", "!17", "!16", "!x", "i0", "i17", "I17", "s0", "s17", "y", "b4", "=>", "<>", "X<", "Xf", "!8Xd", "1", "-", "\0"} do
  print(string.format("%q", f), pcall(string.packsize, f))
  print(string.format("%q", f), pcall(string.pack, f, 1))
end
