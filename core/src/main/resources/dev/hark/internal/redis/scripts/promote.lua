-- Moves messages that are due into the stream, a bounded number at a time. What cannot be read, since somebody else has
-- put it there, becomes a dead letter at once, with its bytes, and counts as published then.
--
-- KEYS: later, held, ready, stats; with something that cannot be read also dead
-- ARGV: how many, how many bytes
-- Returns: {moved, due_in, needs_dead}
--   due_in: ms until the next is due (0 due now, -1 none); needs_dead: 1 if it has to be called with dead
-- The first write is XDEL, which works when out of memory.
-- Bound: as many messages and bytes as are asked for, and one message more, however large.
-- Uses: time, guard, stats, stream, walk, message, later, put, leave
-- Commands: TIME; later TYPE ZREM ZRANGE; held TYPE HGET HDEL; ready TYPE XADD XDEL; stats TYPE HGET HINCRBY;
--           dead TYPE XADD XDEL

local later, held, ready, stats, dead = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
local limit, bytes = tonumber(ARGV[1]), tonumber(ARGV[2])

local bad = newer(stats) or wrong(later, 'zset') or wrong(held, 'hash') or wrong(ready, 'stream')
  or dead and wrong(dead, 'stream')
if bad then return bad end

local keys = { later = later, held = held, ready = ready, dead = dead }
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
local stopped -- by what has to go to the dead letters
while id and moved < limit and bytes > 0 do
  local packed = redis.call('HGET', held, id)
  local fields = packed and unpacked(packed)
  if packed and not fields and not dead_has_room then
    stopped = dead and full(dead) or not dead and { moved, 0, 1 }
    if stopped then break end
    dead_has_room = true
  end
  leave_later(keys, id, packed and 'moved' or 'deleted')
  if fields then
    put(keys, fields)
    bytes = bytes - weight(fields)
  elseif packed then
    bury(keys, { 'hark', '1', 'body', packed }, "what was kept until it was due cannot be read; its name was '"
      .. string.gsub(string.sub(id, 1, 100), '[^%w%p]', '?') .. "'")
    tally('published', 1)
    bytes = bytes - #packed
  end
  bytes = bytes - #id
  moved = moved + 1
  id = due()
end
write_tally(stats)
return stopped or { moved, wait(later, time), 0 }
