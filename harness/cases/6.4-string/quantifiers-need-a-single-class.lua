-- lua: 5.1-5.5

-- A quantifier after a capture or another quantifier is an ordinary character.
for _, p in ipairs{"(ab)*", "(ab)+c", "a**", "a*+", "a-?", "^*", "*", "+a", "?", "-", "(*)", "(-)(+)", "%b()*", "()*", "^^", "a^", "$a", "a$b", "$$", "^$"} do
  print(p, string.find("ab*+c(-)+ a$b ^^ ?", p))
end
