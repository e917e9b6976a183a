-- Moves messages that are due into the stream, a bounded number at a time.
--
-- KEYS: later, held, ready, stats
-- ARGV: how many, how many bytes
-- Returns: {how many were moved, ms until the next is due (0 due now, -1 none)}
-- The first write is ZREM, which works when out of memory.
-- Commands: TIME; later TYPE ZRANGEBYSCORE ZREM ZRANGE; held TYPE HGET HDEL; ready TYPE EXISTS XINFO|STREAM XADD;
--           stats TYPE HGET HINCRBY

local later, held, ready, stats = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local limit, bytes = tonumber(ARGV[1]), tonumber(ARGV[2])

local bad = newer(stats) or wrong(later, 'zset') or wrong(held, 'hash') or wrong(ready, 'stream')
if bad then return bad end

local time = now()
local due = redis.call('ZRANGEBYSCORE', later, '-inf', ms(time), 'LIMIT', 0, limit)
if #due > 0 then
  bad = full(ready)
  if bad then return bad end
end
local moved = 0
for _, id in ipairs(due) do
  if bytes <= 0 then break end
  redis.call('ZREM', later, id)
  local packed = redis.call('HGET', held, id)
  if packed then
    redis.call('HDEL', held, id)
    redis.call('XADD', ready, '*', unpack(cmsgpack.unpack(packed)))
    bytes = bytes - #packed
  else
    redis.call('HINCRBY', stats, 'deleted', 1) -- somebody has removed what belongs to the id
  end
  moved = moved + 1
end
return { moved, wait(later, time) }
