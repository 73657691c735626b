-- lua: 5.1-5.5
-- results: yes

local function level() error("before the results") end
return level(), 1
