-- Applies a numbered batch of a session's outcomes, each only if XACK says that the session's group still had the entry
-- pending: whoever was handed over meanwhile is refused. A batch sent again is answered as the first time. A copy of an
-- earlier one that arrives after it changes nothing: nobody waits for it, and the answer kept is still needed.
--
-- KEYS: ready, stats, sessions, settled; with anything but plain done also later, held, dead
-- ARGV: session, sequence, trim at, delete at, number of done, number of done foreign, their entries in that order;
--       then for each other outcome: kind, entry, delay in ms, text
--       kind: retry (text: error), snooze, release, park, bury (text: reason), buryunburnt (text: reason)
-- Returns: {'settled' | 'repeated', refused, ms until the first is due (-1 none, -2 not looked), refused entries …}
-- The first write is XACK, or XDEL, which work when out of memory.
-- Bound: the outcomes, and of those that are not done also what their messages hold: whoever sends them knows both.
-- Commands: TIME; ready TYPE EXISTS XINFO|GROUPS XACK XRANGE XADD XPENDING XTRIM XDEL;
--           stats TYPE HINCRBY HSET; sessions TYPE ZSCORE; settled TYPE HGET HSET; later TYPE ZADD ZRANGE;
--           held TYPE HSETNX; dead TYPE XADD XDEL

local ready, stats, sessions, settled, later, held, dead = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5], KEYS[6], KEYS[7]
local session, sequence, trim_at, delete_at = ARGV[1], ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4])
local native, foreign = tonumber(ARGV[5]), tonumber(ARGV[6])

local bad = wrong(ready, 'stream') or wrong(stats, 'hash') or wrong(sessions, 'zset') or wrong(settled, 'hash')
if not bad and later then
  bad = wrong(later, 'zset') or wrong(held, 'hash') or wrong(dead, 'stream')
end
if bad then return bad end

local kept = redis.call('HGET', settled, session)
if kept then
  local answer = {}
  for word in string.gmatch(kept, '%S+') do answer[#answer + 1] = word end
  if answer[1] == sequence then
    local reply = { 'repeated', answer[2], -2 }
    for i = 3, #answer do reply[#reply + 1] = answer[i] end
    return reply
  elseif (tonumber(answer[1]) or 0) > (tonumber(sequence) or 0) then
    return { 'repeated', 0, -2 }
  end
end

-- What is added to has to have room, and what is not need not.
local adds, buries = false, false
for i = 7 + native + foreign, #ARGV, 4 do
  local burying = ARGV[i] == 'bury' or ARGV[i] == 'buryunburnt'
  buries = buries or burying
  adds = adds or not burying and tonumber(ARGV[i + 2]) <= 0
end
bad = adds and full(ready) or buries and full(dead)
if bad then return bad end

local refused, refused_ids, gone = 0, {}, {}
local function ack(entry)
  if redis.call('XACK', ready, GROUP, entry) == 1 then
    gone[#gone + 1] = entry
    return true
  end
  refused = refused + 1
  refused_ids[#refused_ids + 1] = entry
  return false
end

-- Plain done: while the session lives nobody takes its entries, so one XACK for many and its count suffice. After that
-- (or when the count is short, which then tells only how many) they go one by one.
local alive = redis.call('ZSCORE', sessions, session)
local function done(from, to)
  if to < from then return 0 end
  local applied = 0
  if alive then
    for first = from, to, 1000 do
      local last = math.min(to, first + 999)
      local count = redis.call('XACK', ready, GROUP, unpack(ARGV, first, last))
      applied = applied + count
      refused = refused + last - first + 1 - count
      if count == last - first + 1 then
        for i = first, last do gone[#gone + 1] = ARGV[i] end
      end
    end
  else
    for i = from, to do
      if ack(ARGV[i]) then applied = applied + 1 end
    end
  end
  return applied
end

local finished = done(7, 6 + native)
local adopted = done(7 + native, 6 + native + foreign)
finished = finished + adopted

local time, retried, moved = nil, 0, 0
for i = 7 + native + foreign, #ARGV, 4 do
  local kind, entry, delay, text = ARGV[i], ARGV[i + 1], tonumber(ARGV[i + 2]), ARGV[i + 3]
  if ack(entry) then
    time = time or now()
    local m = read(ready, entry)
    local burying = kind == 'bury' or kind == 'buryunburnt'
    if m then -- else somebody has deleted the entry, and the message with it
      moved = moved + 1
      if m.foreign and (not m.malformed or burying) then adopted = adopted + 1 end
      if kind == 'retry' or kind == 'bury' then
        m.attempts = m.attempts + 1
        note(m, time, session, text)
      end
      if burying then
        m.malformed = false
        local f = fields(m)
        f[#f + 1], f[#f + 2] = 'reason', text
        redis.call('XADD', dead, '*', unpack(f))
      elseif delay > 0 then
        hold(later, held, ready, m, time + delay, session .. '-' .. entry)
      else
        redis.call('XADD', ready, '*', unpack(fields(m)))
      end
      if kind == 'retry' then retried = retried + 1 end
    else
      count(stats, 'deleted', 1)
    end
  end
end

local settled_now = finished + moved
if finished > 0 then count(stats, 'done', finished) end
if adopted > 0 then count(stats, 'published', adopted) end
if retried > 0 then count(stats, 'retried', retried) end
if refused > 0 then count(stats, 'refused', refused) end
if settled_now > 0 then
  local listed = count(stats, 'listed', settled_now) or trim_at
  if listed >= trim_at then
    local fields_of_group = group(ready)
    if fields_of_group then listed = listed - trim(ready, stats, fields_of_group, false) end
    if listed > delete_at then -- a slow message holds the floor
      for first = 1, #gone, 1000 do
        local removed = redis.call('XDEL', ready, unpack(gone, first, math.min(#gone, first + 999)))
        count(stats, 'listed', -removed)
      end
    end
  end
end
if alive then
  local answer = sequence .. ' ' .. refused
  if #refused_ids > 0 then answer = answer .. ' ' .. table.concat(refused_ids, ' ') end
  redis.call('HSET', settled, session, answer)
end
local reply = { 'settled', refused, later and wait(later, time or now()) or -2 }
for _, entry in ipairs(refused_ids) do reply[#reply + 1] = entry end
return reply
