-- lua: 5.1-5.5

local function handlers()
  local target
  return {
    set = function(t) target = t end,
    push = function(v) target.items[#target.items + 1] = v end,
  }
end
local h = handlers()
h.set({items = {}})
h.push(1)
h.set({})
local function fire(event, ...) h[event](...) end
fire("push", 2)
