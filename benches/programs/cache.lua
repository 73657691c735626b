-- A cache that forgets what was used least recently: a table and a doubly linked list.
local Cache = {}
Cache.__index = Cache

function Cache.new(room)
  local head, tail = {}, {}
  head.next, tail.previous = tail, head
  return setmetatable({ room = room, count = 0, entries = {}, head = head, tail = tail }, Cache)
end

local function unlink(entry)
  entry.previous.next, entry.next.previous = entry.next, entry.previous
end

function Cache:front(entry)
  local first = self.head.next
  entry.previous, entry.next = self.head, first
  self.head.next, first.previous = entry, entry
end

function Cache:get(key)
  local entry = self.entries[key]
  if not entry then return nil end
  unlink(entry)
  self:front(entry)
  return entry.value
end

function Cache:put(key, value)
  local entry = self.entries[key]
  if entry then
    unlink(entry)
  elseif self.count == self.room then
    entry = self.tail.previous
    unlink(entry)
    self.entries[entry.key] = nil
  else
    self.count = self.count + 1
    entry = {}
  end
  entry.key, entry.value = key, value
  self.entries[key] = entry
  self:front(entry)
end

function bench()
  local cache, hits, seed = Cache.new(200), 0, 42
  for i = 1, 40000 do
    seed = (seed * 16807) % 2147483647
    local key = seed % 300
    if cache:get(key) then hits = hits + 1 else cache:put(key, i) end
  end
  return hits
end
