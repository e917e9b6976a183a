-- A queue's figures, all of one moment. Writes nothing.
--
-- KEYS: ready, later, dead, stats, sessions
-- ARGV: none
-- Returns: {entries, pending, later, dead, sessions, oldest, stats}
--   oldest: ms of the oldest waiting entry or -1; stats: field, value …
-- Bound: the oldest waiting entry is read, however large, as there is no other way to its id.
-- Uses: time, guard, lease, stream, look
-- Commands: TIME; ready TYPE EXISTS XINFO|GROUPS XRANGE XLEN; later TYPE ZCARD; dead TYPE XLEN; stats TYPE HGET HMGET;
--           sessions TYPE ZCOUNT

local ready, later, dead, stats, sessions = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]

local bad = newer(stats) or wrong(ready, 'stream') or wrong(later, 'zset') or wrong(dead, 'stream')
  or wrong(sessions, 'zset')
if bad then return bad end

local fields_of_group = group(ready)
local from = fields_of_group and successor(fields_of_group['last-delivered-id']) or '-'
local oldest = redis.call('XRANGE', ready, from, '+', 'COUNT', 1)[1]
return {
  redis.call('XLEN', ready),
  fields_of_group and fields_of_group.pending or 0,
  redis.call('ZCARD', later),
  redis.call('XLEN', dead),
  listening(sessions, stats, now()),
  oldest and string.match(oldest[1], '^%d+') or '-1',
  figures(stats),
}
