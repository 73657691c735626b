-- lua: 5.1-5.5
-- results: yes

print("no results follow")
do return end
