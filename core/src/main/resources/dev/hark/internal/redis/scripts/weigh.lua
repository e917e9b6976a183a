-- Holds all messages that came in against all that are somewhere, reading the entries themselves, up to a bound. Writes
-- nothing.
--
-- KEYS: ready, later, held, dead, stats
-- ARGV: none
-- Returns: {missing, reach}
--   missing: how many messages (below zero: are there without having come in); reach: 2 if it looked at everything, 1 at what
--   was handed out, so that at least so many are missing, 0 at less, so that the number means nothing
-- Bound: 1,500 entries or 4 MiB, and one entry more, however large.
-- Uses: time, guard, stream, walk, later, weigh
-- Commands: ready TYPE EXISTS XINFO|GROUPS XPENDING XRANGE XLEN; later TYPE ZCARD ZRANGE; held TYPE HGET; dead TYPE XLEN;
--           stats TYPE HGET HMGET

local ready, later, held, dead, stats = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]

local bad = newer(stats) or wrong(ready, 'stream') or wrong(later, 'zset') or wrong(held, 'hash') or wrong(dead, 'stream')
if bad then return bad end

local missing, reach = weigh(ready, later, held, dead, stats)
return { missing, reach }
