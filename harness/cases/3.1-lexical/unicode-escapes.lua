-- lua: 5.3-5.5

for _, body in ipairs{"\\u{0}", "\\u{7F}", "\\u{80}", "\\u{7FF}", "\\u{800}", "\\u{20ac}", "\\u{D800}", "\\u{FFFF}",
  "\\u{10000}", "\\u{10FFFF}", "\\u{110000}", "\\u{1FFFFF}", "\\u{200000}", "\\u{3FFFFFF}", "\\u{4000000}",
  "\\u{7FFFFFFF}", "\\u{80000000}", "\\u{000000000000000041}"} do
  local f, message = load("return '" .. body .. "'", "=x")
  if f then print(body, f():byte(1, -1)) else print(body, message) end
end
