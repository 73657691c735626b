-- lua: 5.2-5.5

for _, code in ipairs{"goto nowhere", "do ::inner:: end goto inner", "goto f; local x; ::f:: print(x)", "goto f; local x; ::f::",
  "::a:: ::a::", "::a:: do ::a:: end", "do ::a:: end ::a::", "function f() goto out end ::out::", "goto a; local function g() end ::a:: g()",
  "repeat goto c; local x; ::c:: until x", "repeat goto c; local x; ::c:: until true", "goto 5", "goto", "::a", "::5::", ":: a ::",
  "\n\ngoto x\n\n", "break ::x::", "goto continue; local a = 1; ::continue:: ; ; ::other::"} do
  local f, message = load(code, "=x")
  print(code:gsub("\n", "|"), f and "fine" or message)
end
