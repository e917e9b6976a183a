-- Counts messages that are nowhere as deleted, as far as that is certain at this moment, and sets right how many entries
-- are settled and not yet trimmed.
--
-- KEYS: ready, later, held, dead, stats, sessions
-- ARGV: none
-- Returns: how many messages that were
-- The first write is ZREM, which works when out of memory.
-- Bound: 1,500 entries or 4 MiB, and one entry more, however large.
-- Uses: time, guard, stats, stream, walk, later, weigh
-- Commands: ready TYPE EXISTS XINFO|GROUPS XPENDING XRANGE XLEN; later TYPE ZCARD ZRANGE; held TYPE HGET; dead TYPE XLEN;
--           stats TYPE HGET HMGET HINCRBY HSET; sessions TYPE ZREM

local ready, later, held, dead, stats, sessions = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5], KEYS[6]

local bad = newer(stats) or wrong(ready, 'stream') or wrong(later, 'zset') or wrong(held, 'hash') or wrong(dead, 'stream')
  or wrong(sessions, 'zset')
if bad then return bad end

local missing, reach, settled = weigh(ready, later, held, dead, stats)
if reach == 0 or missing <= 0 then return 0 end
redis.call('ZREM', sessions, '')
count(stats, 'deleted', missing)
redis.call('HSET', stats, 'listed', settled)
return missing
