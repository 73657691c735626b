-- Where a connection may go, by its address. It needs the Go guest `networks`.

local networks = require "networks"

local private = { "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "127.0.0.0/8", "fc00::/7" }

function check(request)
  for _, network in ipairs(private) do
    if networks.contains(network, request.resource) then
      return { allow = false, reason = request.resource .. " is in " .. network }
    end
  end
  return { allow = true }
end
