-- lua: 5.1-5.5

debug.traceback = function() return nil end
error("raised")
