-- Moves messages that are due into the stream, a bounded number at a time. What cannot be read, since somebody else has
-- put it there, becomes a dead letter at once, with its bytes, and counts as published then.
--
-- KEYS: later, held, ready, stats; with something that cannot be read also dead
-- ARGV: how many, how many bytes
-- Returns: {how many were moved, ms until the next is due (0 due now, -1 none), 1 if it has to be called with dead}
-- The first write is XDEL, which works when out of memory.
-- Bound: as many messages and bytes as are asked for, and one message more, however large.
-- Commands: TIME; later TYPE ZREM ZRANGE; held TYPE HGET HDEL; ready TYPE XADD XDEL; stats TYPE HGET HINCRBY;
--           dead TYPE XADD XDEL

local later, held, ready, stats, dead = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
local limit, bytes = tonumber(ARGV[1]), tonumber(ARGV[2])

local bad = newer(stats) or wrong(later, 'zset') or wrong(held, 'hash') or wrong(ready, 'stream')
  or dead and wrong(dead, 'stream')
if bad then return bad end

local time = now()
local function due() -- one at a time, as nobody knows how long the next one's id is
  local first = redis.call('ZRANGE', later, 0, 0, 'WITHSCORES')
  return movable(first, time) and first[1]
end
local id, moved, dead_has_room = due(), 0, false
if id then
  bad = full(ready)
  if bad then return bad end
end
while id and moved < limit and bytes > 0 do
  local packed = redis.call('HGET', held, id)
  local fields = packed and unpacked(packed)
  if packed and not fields then
    if not dead then return { moved, 0, 1 } end
    bad = not dead_has_room and full(dead)
    if bad then return bad end
    dead_has_room = true
  end
  redis.call('ZREM', later, id)
  redis.call('HDEL', held, id)
  if fields then
    redis.call('XADD', ready, '*', unpack(fields))
    bytes = bytes - weight(fields)
  elseif packed then
    local reason = "what was kept until it was due cannot be read; its name was '" .. string.gsub(string.sub(id, 1, 100), '[^%w%p]', '?') .. "'"
    redis.call('XADD', dead, '*', 'hark', '1', 'body', packed, 'reason', reason)
    count(stats, 'published', 1)
    bytes = bytes - #packed
  else
    count(stats, 'deleted', 1) -- somebody has removed what belongs to the id
  end
  bytes = bytes - #id
  moved = moved + 1
  id = due()
end
return { moved, wait(later, time), 0 }
