-- lua: 5.1-5.5

debug.traceback = function(message) return "short" end
error("raised with a longer message")
