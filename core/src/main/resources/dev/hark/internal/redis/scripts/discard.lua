-- Removes dead letters for good.
--
-- KEYS: dead, stats
-- ARGV: entries
-- Returns: how many of them existed
-- The first write is XDEL, which works when out of memory.
-- Bound: the entries, which are removed unread.
-- Uses: time, guard, stats
-- Commands: dead TYPE XDEL; stats TYPE HGET HINCRBY

local bad = newer(KEYS[2]) or wrong(KEYS[1], 'stream')
if bad then return bad end

local gone = redis.call('XDEL', KEYS[1], unpack(ARGV))
if gone > 0 then count(KEYS[2], 'deleted', gone) end
return gone
