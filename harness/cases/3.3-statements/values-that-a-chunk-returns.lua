-- lua: 5.1-5.5
-- results: yes

return 1, 2.5, "a\0b\n\200", true, false, nil, {1, 2, {3}, x = "y"}, print, nil
