-- How often something may be done. Both questions are asked at the same time.

local luago = require "luago"

function check(request)
  local user = luago.spawn(db.user, request.user)
  local used = luago.spawn(db.count, request.user, request.action)
  user, used = user:await(), used:await()
  if not user then
    return { allow = false, reason = "there is no user " .. request.user }
  end
  local left = user.quota - used
  return { allow = left > 0, reason = math.max(left, 0) .. " left" }
end
