-- A session's heartbeat, which also looks the queue over: whose lease has lapsed, what the session has held for long,
-- whether the stream of an idle queue can be emptied, and when the next message is due.
-- Where Redis's clock has been turned, or nobody has swept for a while, all leases move along: at most 5,000 (~10 ms).
-- Never brings a removed session back. Where the layout is newer than this, the session keeps its lease while it settles
-- what it holds, and the queue is left to those who know the layout.
--
-- KEYS: sessions, ready, stats, later
-- ARGV: session, lease in ms, entry to look on from ('' for the first)
-- Returns: {alive, due_in, group_missing, cursor, lapsed, held, newer_layout}
--   alive: 1 if the session lives; due_in: ms until the next is due (-1 none, -2 not looked); cursor: entry to look on from;
--   lapsed: sessions; held: entries that the session has held for longer than a lease;
--   newer_layout: '', or the error that the layout is newer: claim no more
-- The first write is ZREM, which works when out of memory.
-- Bound: 100 held entries, 100 lapsed sessions and as many strays; no entry is read; 5,000 leases are moved where the
-- clock was turned. Where there are more consumers than sessions, all consumers are looked through, 1.6 us each.
-- Uses: time, guard, stats, lease, stream, trim, later
-- Commands: TIME; sessions TYPE ZREM ZSCORE ZADD ZRANGE ZRANGEBYSCORE ZCARD;
--           ready TYPE EXISTS XINFO|GROUPS XINFO|CONSUMERS XPENDING XTRIM; stats TYPE HGET HSET HINCRBY;
--           later TYPE ZRANGE

local MOST_LAPSED = 100 -- as many again may be consumers without a session
local sessions, ready, stats, later = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local session, lease, cursor = ARGV[1], tonumber(ARGV[2]), ARGV[3]

local bad = wrong(sessions, 'zset') or wrong(ready, 'stream') or wrong(stats, 'hash') or wrong(later, 'zset')
if bad then return bad end

redis.call('ZREM', sessions, '')
local time = now()
local bad_layout = newer(stats)
local behind = not bad_layout and redis.call('ZCARD', sessions) > 0 and move_leases(sessions, stats, time, lease)
local alive = redis.call('ZSCORE', sessions, session)
if alive then redis.call('ZADD', sessions, 'XX', ms(time + lease), session) end

local fields_of_group = group(ready)
local held = {}
-- What was claimed before the clock was turned back seems fresh until it is as late again.
if fields_of_group then
  local from = cursor == '' and '-' or '(' .. cursor
  for _, pending in ipairs(redis.call('XPENDING', ready, GROUP, 'IDLE', ms(behind and 0 or lease), from, '+', 100, session)) do
    held[#held + 1] = pending[1]
  end
end
if bad_layout then return { alive and 1 or 0, -2, 0, held[100] or '', {}, held, bad_layout.err } end

local lapsed = redis.call('ZRANGEBYSCORE', sessions, '-inf', ms(time), 'LIMIT', 0, MOST_LAPSED)
if not fields_of_group then return { alive and 1 or 0, wait(later, time), 1, '', lapsed, {}, '' } end

-- Every session makes its consumer when it opens, so more consumers than sessions means one that nobody answers for.
if fields_of_group.consumers > redis.call('ZCARD', sessions) then
  for _, flat in ipairs(redis.call('XINFO', 'CONSUMERS', ready, GROUP)) do
    if #lapsed >= 2 * MOST_LAPSED then break end
    if not redis.call('ZSCORE', sessions, flat[2]) then lapsed[#lapsed + 1] = flat[2] end
  end
end

if fields_of_group.pending == 0 then tidy(ready, stats, fields_of_group) end
return { alive and 1 or 0, wait(later, time), 0, held[100] or '', lapsed, held, '' }
