-- lua: 5.3-5.5

print("\u{48}\u{E4}\u{20AC}\u{1F600}" == "Hä€😀", #"\u{0}", #"\u{7FF}", #"\u{10FFFF}", ("\u{D800}"):byte(1, -1))
for _, c in ipairs{[["\u{110000}"]], [["\u{7FFFFFFF}"]], [["\u{80000000}"]], [["\u{}"]], [["\u{xyz}"]], [["\u{41"]], [["\u41"]], [["\u{0000000000041}"]], [["\u{ 41}"]]} do
  local f, m = load("return " .. c)
  print(c, f and #f(), m)
end
