-- In the place of a part in C of lua-term: there is no terminal.
return {
  isatty = function() return false end,
}
