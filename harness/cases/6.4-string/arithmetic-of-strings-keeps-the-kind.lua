-- lua: 5.3-5.5

local function t(v) return tostring(v) .. " " .. math.type(v) end
print(t("10" + 1), t("10.0" + 1), t("0x7fffffffffffffff" + 1), t("9223372036854775807" + 1), t("9223372036854775808" + 0))
print(t("7" // "2"), t("7.0" // "2"), t("-7" // "2"), t("7" % "-3"), t("6" / "2"), t("2" ^ "2"))
print(pcall(function () return t("3" & 1), t("0xff" | "0"), t("1" << "4"), t(~"0"), t("3.0" ~ 1) end))
print(pcall(function () local s = "3"; return s & 1, 1 | s, s << s, ~s end))
print(pcall(function () return "3.5" & 1 end))
print(pcall(function () return "a" | 1 end))
print(pcall(function () return "1e100" << 1 end))
print(pcall(function () return "1" // "0" end))
print(pcall(function () return "1" % 0 end))
print(pcall(function () return ~"x" end))
print(pcall(function () return {} & "1" end))
print("1" // "0.0", "-1" // 0.0, "5" % (1/0), "-5" % (1/0))
