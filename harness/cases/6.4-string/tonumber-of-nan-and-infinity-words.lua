-- lua: 5.1-5.5

for _, s in ipairs{"nan", "inf", "infinity", "-inf", "NAN", "INF", "nan(", "nan(12)", "+inf", " inf ", "infx", "in", "-Infinity"} do print(s, tonumber(s)) end
