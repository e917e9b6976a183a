-- Hands over what a session holds, a bounded number at a time, each as a new entry whose attempt is counted. The session
-- is struck off first, so that it cannot come back meanwhile; its consumer goes when it holds nothing. Who closes leaves
-- nothing settled behind, or what is above the floor where others still hold something.
-- A session may end also where the layout is newer than it, as it may settle; what others hold it does not touch then.
--
-- KEYS: ready, stats, sessions, settled
-- ARGV: session, mode ('lapsed': only if it has no lease; 'closed': in any case), how many, how many bytes, what to note
-- Returns: {moved, more}: how many were handed over, and 1 if there are more
-- The first write is XDEL, or ZREM, which work when out of memory.
-- Bound: as many messages and bytes as are asked for, and one message more, however large: it has to be copied.
-- Uses: time, guard, stats, lease, stream, walk, trim, message, attempt, put, leave
-- Commands: TIME; ready TYPE EXISTS XINFO|GROUPS XPENDING XRANGE XACK XADD XDEL XTRIM XGROUP|DELCONSUMER;
--           stats TYPE HGET HINCRBY HSET; sessions TYPE ZSCORE ZREM; settled TYPE HDEL

local ready, stats, sessions, settled = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local session, mode, limit, bytes, what = ARGV[1], ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4]), ARGV[5]

local bad = mode == 'lapsed' and newer(stats) or wrong(ready, 'stream') or wrong(stats, 'hash') or wrong(sessions, 'zset') or wrong(settled, 'hash')
if bad then return bad end

local time = now()
local deadline = redis.call('ZSCORE', sessions, session)
-- Lapsed at the last sweep: what has been turned since then is for the next one to see.
if mode == 'lapsed' and deadline and tonumber(deadline) > (seen(stats) or time) then return { 0, 0 } end

local fields_of_group = group(ready)
local pending = fields_of_group and redis.call('XPENDING', ready, GROUP, '-', '+', limit, session) or {}
bad = pending[1] and full(ready)
if bad then return bad end

redis.call('ZREM', sessions, session)
if not fields_of_group then
  redis.call('HDEL', settled, session)
  return { 0, 0 }
end

local keys, moved = { ready = ready }, 0
for _, p in ipairs(pending) do
  if bytes <= 0 then break end
  local m = read(ready, p[1])
  redis.call('XACK', ready, GROUP, p[1])
  moved = moved + 1
  if m then
    note(m, time, session, what)
    attempted(m)
    if mode == 'lapsed' then -- a listener that closes has not been killed
      m.recoveries = math.min(MOST_COUNTED, m.recoveries + 1)
    end
    leave(keys, m, 'recovered')
    put(keys, fields(m))
    bytes = bytes - weight(m.fields)
  else -- somebody has deleted the entry, and the message with it
    tally('recovered', 1)
    tally('deleted', 1)
  end
end
write_tally(stats)
if #redis.call('XPENDING', ready, GROUP, '-', '+', 1, session) > 0 then return { moved, 1 } end
redis.call('XGROUP', 'DELCONSUMER', ready, GROUP, session)
redis.call('HDEL', settled, session)
if mode == 'closed' and not newer(stats) then tidy(ready, stats, group(ready)) end -- it may be the last
return { moved, 0 }
