-- lua: 5.1-5.5

-- 5.1 still makes the local `arg` of 5.0 for functions that do not use `...`.
local function old(...) return type(arg), arg and arg.n, arg and arg[1] end
local function new(...) local _ = ... return type(arg), arg and arg.n, arg and arg[0] end
print(old("a", "b", nil)) print(old()) print(new("a", "b"))
