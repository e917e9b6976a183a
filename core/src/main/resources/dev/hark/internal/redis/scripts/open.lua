-- Registers a session with its lease, and makes the queue's group if it is missing: from the settled floor, or from the
-- beginning for a queue that was never seen. What lies above the floor is handed out again and counted as copies.
-- A queue of an older layout is of this one afterwards.
--
-- KEYS: ready, stats, sessions, settled, later, held, dead
-- ARGV: session, lease in ms
-- Returns: {restored, handed_out_again}: 1 if a lost group was restored, and how many settled entries that may be, at most
-- The first write is ZREM, which works when out of memory. The keys after sessions are only looked at: a listener that
-- could claim but not settle should not start.
-- Bound: no entry is read; where the group was lost, what is settled is trimmed, a node of the stream at a time; 5,000
-- leases are moved where the clock was turned.
-- Uses: time, guard, stats, lease, stream
-- Commands: TIME; ready TYPE EXISTS XINFO|GROUPS XGROUP|CREATE XGROUP|SETID XGROUP|CREATECONSUMER XTRIM XLEN;
--           stats TYPE HGET HSET HINCRBY; sessions TYPE ZREM ZADD ZRANGE; settled TYPE; later TYPE; held TYPE; dead TYPE

-- The id right before this one, or 0-0.
local function predecessor(id)
  local time, seq = string.match(id, '^(%d+)-(%d+)$')
  if #seq > 15 then return ms(time - 1) .. '-18446744073709551615' end
  if tonumber(seq) > 0 then return time .. '-' .. ms(seq - 1) end
  if tonumber(time) == 0 then return '0-0' end
  return ms(time - 1) .. '-18446744073709551615'
end

-- Whether an id is this one, or a later one.
local function reached(id, this)
  local time, seq = string.match(id, '^(%d+)-(%d+)$')
  local this_time, this_seq = string.match(this, '^(%d+)-(%d+)$')
  if time == this_time then time, this_time = seq, this_seq end
  if #time ~= #this_time then return #time > #this_time end
  return time >= this_time
end

local ready, stats, sessions = KEYS[1], KEYS[2], KEYS[3]
local session, lease = ARGV[1], tonumber(ARGV[2])

local bad = newer(stats) or wrong(ready, 'stream') or wrong(sessions, 'zset') or wrong(KEYS[4], 'hash')
  or wrong(KEYS[5], 'zset') or wrong(KEYS[6], 'hash') or wrong(KEYS[7], 'stream')
if bad then return bad end

redis.call('ZREM', sessions, '')
local time = now()
-- What a newer layout changes in a queue it changes here, and says so: whoever is older claims no more from then on.
if LAYOUT > 1 then redis.call('HSET', stats, 'layout', 'v' .. LAYOUT) end
local restored, copies = 0, 0
if not group(ready) then
  local known = kept_floor(stats)
  if known then restored = 1 end
  redis.call('XGROUP', 'CREATE', ready, GROUP, '$', 'MKSTREAM') -- which tells the last id
  local last = group(ready)['last-delivered-id']
  -- another stream than it was: all is new
  if known and (last == '0-0' or not reached(last, predecessor(known))) then known = nil end
  redis.call('XGROUP', 'SETID', ready, GROUP, known and predecessor(known) or '0-0')
  if known then
    local below = redis.call('XTRIM', ready, 'MINID', known)
    -- some may have been dropped since to make room, and count among those dropped
    copies = math.max(0, listed(stats) - below)
  end
  redis.call('HSET', stats, 'listed', 0, 'floor', known or '0-1')
  count(stats, 'copies', copies)
end
redis.call('XGROUP', 'CREATECONSUMER', ready, GROUP, session)
move_leases(sessions, stats, time, lease) -- or the new one would move with the others
redis.call('ZADD', sessions, ms(time + lease), session)
return { restored, math.min(copies, redis.call('XLEN', ready)) }
