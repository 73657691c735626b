local luago = require "luago"
local csv = require "csv"

local text = [[
city,country,people,area
Berlin,DE,3755251,891.7
Wien,AT,2002821,414.8
"Frankfurt (Oder), Stadt",DE,57015,147.9
Graz,AT,298479,127.6
Basel,CH,177571,
]]
local file = luago.segment(#text) -- a host would use Segment::from_file
file:write(1, text)

local cities = csv.parse(file:read_only()) -- Go cannot write to it
print("columns", table.concat(cities.names, " "))
print("rows", cities.rows)

-- A column of numbers is an array in shared memory: these are loops in C.
local people = cities.columns.people.numbers
print("people", string.format("%.0f", people:sum()))
local most, at = people:max()

-- One of texts says where they stand in the file.
local Span = luago.struct { { "first", "u32" }, { "last", "u32" } }
local names = Span:of(cities.columns.city.texts)
local countries = Span:of(cities.columns.country.texts)
local function text_at(span) return file:string(span.first, span.last) end
print("largest", text_at(names[at]), string.format("%.0f", most))

-- What Lua writes to a column, it changes in place.
local area, dense = cities.columns.area.numbers, 0
for i, city in names:iter() do
  if text_at(countries[i]) == "DE" and people[i] / area[i] > 1000 then
    dense = dense + 1
    print("dense", text_at(city), string.format("%.0f", people[i] / area[i]))
  end
end

file:close() -- or leave it to the collector
print("closed", pcall(file.u8, file, 1))

local bad = luago.segment(16)
bad:write(1, "a,b\n1,2\n3,four\n")
print("error", select(2, pcall(csv.parse, bad:sub(1, 15))))
