-- In the place of a part in C of lua-system: times.
return {
  gettime = function() return os.time() end,
  monotime = os.clock,
  sleep = function(seconds) require("luago").sleep(seconds) end,
}
