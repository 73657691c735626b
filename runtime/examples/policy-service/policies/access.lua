-- Who may do what, by the role that the database has of them.

local MIB = 1024 * 1024

local may = {
  viewer = { read = true },
  editor = { read = true, write = true, upload = true },
  admin = { read = true, write = true, upload = true, delete = true },
}

local largest = { editor = 10 * MIB, admin = 100 * MIB }

local function deny(...)
  return { allow = false, reason = string.format(...) }
end

function check(request)
  local user = db.user(request.user)
  if not user then
    return deny("there is no user %s", request.user)
  end
  local actions = may[user.role] or {}
  if not actions[request.action] then
    return deny("a %s may not %s", user.role, request.action)
  end
  if request.size > (largest[user.role] or 0) then
    return deny("%d bytes are too many for a %s", request.size, user.role)
  end
  return { allow = true }
end
