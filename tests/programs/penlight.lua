-- Penlight: data structures, text, files and programs.
local List = require "pl.List"
local tablex = require "pl.tablex"
local pretty = require "pl.pretty"
local stringx = require "pl.stringx"
local utils = require "pl.utils"
local app = require "pl.app"
local path = require "pl.path"

print(List { 3, 1, 2 }:sort():map("*", 2):join ",")
print(pretty.write(tablex.merge({ a = 1, b = 2 }, { b = 3, c = 4 }, true)))
print(tablex.deepcompare({ 1, { x = 2 } }, { 1, { x = 2 } }))
print(stringx.strip("  x "), stringx.join("-", stringx.split("a b c")), stringx.at("abc", 2))
print(require("pl.text").fill("a long line of text that has to be wrapped somewhere", 2, 20))
local class = require "pl.class"
local Animal = class()
function Animal:_init(name) self.name = name end
local Cat = class(Animal)
function Cat:speak() return self.name .. ": meow" end
print(Cat("tom"):speak(), Cat:class_of(Cat("x")), Animal:class_of(Cat("x")))
local template = require "pl.template"
print((template.substitute("# for i = 1, 3 do\nline $(i * 2)\n# end\n", { _parent = _G })))
local lexer = require "pl.lexer"
for kind, value in lexer.lua("local x = 'a' .. 1.5 -- end") do io.write(kind, "=", value, " ") end
print()
print(pretty.write(require("pl.data").read(require("pl.stringio").open("a,b\n1,2\n3,4\n"))))
print(require("pl.OrderedMap")({ { z = 1 }, { a = 2 } }):keys())
print(require("pl.Date").Format("yyyy-mm-dd"):tostring(require("pl.Date") { year = 2020, month = 2, day = 29 }))
print(require("pl.sip").match("$v{name} = $d{value}", "x = 12", {}))
print(utils.choose(true, 1, 2), utils.escape("a.b"), utils.quote_arg { "it's", "a b", "plain" })
print(path.basename("/a/b.c"), path.extension("b.c"), path.join("a", "b"), path.normpath("a/./b/../c"))

-- Programs.
print(app.platform())
print(utils.execute("echo " .. utils.quote_arg { "it's", "two  words" }))
print(utils.execute("false"))
