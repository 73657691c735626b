-- lua: 5.1-5.5

debug.traceback = function() error("in the traceback") end
error("raised")
