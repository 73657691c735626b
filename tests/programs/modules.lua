-- Modules in Lua, as a program uses them.
local pretty = require "pl.pretty"

local json = require "dkjson".use_lpeg and require "dkjson"
local text = json.encode({ list = { 1, 2.5, "three", json.null }, text = "é\n\"\\" },
  { indent = true, keyorder = { "list", "text" } })
print(text)
print(pretty.write((json.decode(text))))
print(select(2, json.decode("{\"a\":", 1)), select(3, json.decode("[1,2,}", 1)))

local argparse = require "argparse"
local parser = argparse("program", "What it does.")
parser:argument("input", "A file.")
parser:option("-o --output", "Where to.", "a.out")
parser:option("-I --include", "Where from."):count("*")
parser:flag("-v --verbose", "More.")
print(parser:get_help())
print(pretty.write(parser:parse { "foo", "-o", "bar", "-I", "a", "-Ib", "-v" }))
print(parser:pparse { "--nothing" })

local cli = require "cliargs"
cli:set_name("cli")
cli:argument("ROOT", "a folder")
cli:option("-c, --compress=FILTER", "a filter", "gzip")
cli:flag("-q, --quiet", "less")
print(pretty.write(cli:parse { "here", "-c", "bzip2", "-q" }))
cli:print_help()

local say = require "say"
say:set_namespace("en")
say:set("money", "I have %s dollars")
print(say("money", { 3 }))

local assert = require "luassert"
assert.are.same({ 1, { 2 } }, { 1, { 2 } })
assert.has_error(function() error("yup") end, "yup")
local ok, why = pcall(assert.are.equal, 1, 2)
print(ok, (tostring(why):gsub("^.-:%d+: ", "")))
local spy = require "luassert.spy"
local s = spy.new(function() end)
s(1, "two")
assert.spy(s).was.called_with(1, "two")
print(pcall(function() assert.spy(s).was.called(2) end))

local mediator = require "mediator"()
mediator:subscribe({ "a", "b" }, function(x) print("heard", x) end)
mediator:publish({ "a", "b" }, 42)
