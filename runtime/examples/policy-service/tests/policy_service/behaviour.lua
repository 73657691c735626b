-- A policy that acts on what is asked for, well or badly.

local function hog()
  local hoard, block = {}, ("x"):rep(1000)
  while true do
    hoard[#hoard + 1] = block:rep(100) .. #hoard
  end
end

local acts = {
  allow = function(request) return { allow = true, reason = request.resource } end,
  deny = function(request) return { allow = false, reason = request.resource } end,
  look_up = function(request)
    local user = db.user(request.user)
    return { allow = user ~= nil, reason = request.resource .. " " .. (user and user.role or "?") }
  end,
  echo = function(request)
    return { allow = request.size > 0, reason = request.user .. " " .. request.size }
  end,
  crash = function(request) error("crashed at " .. request.resource) end,
  crash_table = function() error({ code = 7 }) end,
  spin = function() while true do end end,
  careful_spin = function() while true do pcall(hog) pcall(error) end end,
  hog = hog,
  careful_hog = function(request)
    local ok, message = pcall(hog)
    return { allow = ok, reason = request.resource .. " " .. message }
  end,
  text = function() return "yes" end,
  nothing = function() end,
  half = function() return { allow = "maybe" } end,
  function_inside = function() return { allow = true, reason = print } end,
  bytes = function() return { allow = true, reason = "\xff" } end,
  exit = function() os.exit(3) end,
  bad_call = function() return db.user({}) end,
  mark = function(request)
    local found = marker or string.marker or package.loaded.marker
    marker, string.marker, package.loaded.marker = request.user, request.user, request.user
    check, string.rep, db.user = nil, nil, nil
    return { allow = found == nil, reason = tostring(found) }
  end,
}

function check(request)
  return acts[request.action](request)
end
