-- lua: 5.3-5.5

for _, body in ipairs{"\\u", "\\u{", "\\u{}", "\\u{41", "\\u{4G}", "\\u41", "\\u{ 41}", "\\u{-1}", "\\u{FFFFFFFFFFFFFFFF}"} do
  print(body, load("return '" .. body .. "'", "=x"))
end
