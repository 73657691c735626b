-- lua: 5.1-5.5

print(os.setlocale(), os.setlocale(nil), os.setlocale("C"), os.setlocale("POSIX"), os.setlocale(""))
for _, category in ipairs{"all", "collate", "ctype", "monetary", "numeric", "time"} do
  print(category, os.setlocale(nil, category), os.setlocale("C", category))
end
print(os.setlocale("no_SUCH"), os.setlocale("xx", "numeric"))
print(pcall(os.setlocale, "C", "bad"))
print(pcall(os.setlocale, {}))
print(pcall(os.setlocale, "C", {}))
print(pcall(os.setlocale, true))
