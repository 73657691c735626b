-- lua: 5.1-5.5

local function t(v) return tostring(v) .. " " .. (math.type and tostring(math.type(v)) or type(v)) end
print(t("10" + 1), t("10" * "2"), t("10" - 0.5), t("3" / "2"), t("7" % "4"), t("2" ^ "3"), t(-"2"), t(-"-2.0"))
print(t("0x10" + 0), t("1e1" + 0), t(" 5 " + 0), t("\t5\n" * 1), t("5." + 0), t(".5" + 0), t("-0" + 0), t("0x.8" and 1))
print(t(10 .. 20), t(1.5 .. ""), t(-0.0 .. ""), t(1e15 .. ""), t(1e16 .. ""), t(2^53 .. ""), t(1e100 .. ""))
for _, s in ipairs{"", " ", "a", "1a", "1 2", "0x", "1e", "--1", "1\0", "1,5", "1_0", "٣"} do
  print(string.format("%q", s), pcall(function () return s + 1 end))
end
print(pcall(function () return {} + "1" end))
print(pcall(function () return "a" .. nil end))
print(pcall(function () return "10" + {} end))
print(pcall(function () local s = "x"; return -s end))
print(10 == "10", "10" == 10, pcall(function () return 1 < "2" end))
