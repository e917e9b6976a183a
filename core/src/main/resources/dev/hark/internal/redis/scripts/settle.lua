-- Applies a numbered batch of a session's outcomes, each only if XACK says that the session's group still had the entry
-- pending: whoever was handed over meanwhile is refused. A batch sent again is answered as the first time. A copy of an
-- earlier one that arrives after it changes nothing: nobody waits for it, and the answer kept is still needed.
-- What was settled is trimmed now and then, but large entries are deleted at once: a slow message may hold the floor.
--
-- KEYS: ready, stats, sessions, settled; with anything but plain done also later, held, dead
-- ARGV: session, sequence, trim at, delete at, number of done, number of done foreign, number of done large, number of
--       done foreign large, their entries in that order; then for each other outcome: kind, entry, 1 if an attempt is burnt
--       and noted, delay in ms, text
--       kind: again (text: how the attempt failed), bury (text: reason), lost (came in a claim's reply that was lost, and
--       what is noted of the message says what that means; text: how many attempts it may have)
-- Returns: {outcome, refused, due_in, refused_entries}
--   outcome: 'settled' or 'repeated'; refused: how many; due_in: ms until the next is due (-1 none, -2 not looked)
-- The first write is XACK, or XDEL, which work when out of memory.
-- Bound: the outcomes, and of those that are not done also what their messages hold: whoever sends them knows both.
-- Uses: time, guard, stats, stream, trim, message, attempt, put, leave, later
-- Commands: TIME; ready TYPE EXISTS XINFO|GROUPS XACK XRANGE XADD XPENDING XTRIM XDEL;
--           stats TYPE HINCRBY HSET; sessions TYPE ZSCORE; settled TYPE HGET HSET; later TYPE ZADD ZRANGE;
--           held TYPE HSETNX; dead TYPE XADD XDEL

local ready, stats, sessions, settled, later, held, dead = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5], KEYS[6], KEYS[7]
local session, sequence, trim_at, delete_at = ARGV[1], ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4])
local native, foreign, native_large, foreign_large = tonumber(ARGV[5]), tonumber(ARGV[6]), tonumber(ARGV[7]), tonumber(ARGV[8])
local others = 9 + native + foreign + native_large + foreign_large
local keys -- where more is to be done than to acknowledge
if later or native_large + foreign_large > 0 then keys = { ready = ready, later = later, held = held, dead = dead } end
local LOST = 'the reply to its claim was lost'

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
    local entries = {}
    for i = 3, #answer do entries[i - 2] = answer[i] end
    return { 'repeated', answer[2], -2, entries }
  elseif (tonumber(answer[1]) or 0) > (tonumber(sequence) or 0) then
    return { 'repeated', 0, -2, {} }
  end
end

-- What is added to has to have room, and what is not need not.
local adds, buries = false, false
for i = others, #ARGV, 5 do
  buries = buries or ARGV[i] ~= 'again'
  adds = adds or ARGV[i] ~= 'bury' and tonumber(ARGV[i + 3]) <= 0
end
bad = adds and full(ready) or buries and full(dead)
if bad then return bad end

local refused, refused_ids = 0, {}
local function ack(entry)
  if redis.call('XACK', ready, GROUP, entry) == 1 then return true end
  refused = refused + 1
  refused_ids[#refused_ids + 1] = entry
  return false
end

-- Plain done leaves by itself, for speed: while the session lives nobody takes its entries, so one XACK for many and its
-- count suffice. After that (or when the count is short, which then tells only how many) they go one by one.
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
      if ack(ARGV[i]) then
        applied = applied + 1
        gone[#gone + 1] = ARGV[i]
      end
    end
  end
  tally('done', applied)
  tally('listed', applied)
  return applied
end

-- One by one: what is deleted must be known to have been this session's.
local function done_large(from, to, foreign)
  for i = from, to do
    if ack(ARGV[i]) then leave(keys, { entry = ARGV[i], foreign = foreign, size = LARGE }, 'done') end
  end
end

done(9, 8 + native)
tally('published', done(9 + native, 8 + native + foreign))
if native_large > 0 then done_large(9 + native + foreign, others - foreign_large - 1, false) end
if foreign_large > 0 then done_large(others - foreign_large, others - 1, true) end

-- Whether a loss burns an attempt, and why it is the end if it is. A message whose body no worker can hold comes back again
-- and again: so from the second time in a row on it does.
local function lose(m, most)
  if m.unknown then return false end
  if m.malformed then return true, LOST .. ', and it is no message' end
  if string.sub(m.log, -#LOST - 1) ~= ' ' .. LOST then return false end
  if m.attempts + 1 < most then return true end
  return true, 'its attempts are used up; in the last ' .. LOST .. ', as when its body is too large for the memory of its worker'
end

local time
for i = others, #ARGV, 5 do
  local kind, entry, burnt, delay, text = ARGV[i], ARGV[i + 1], ARGV[i + 2] == '1', tonumber(ARGV[i + 3]), ARGV[i + 4]
  if ack(entry) then
    time = time or now()
    local m = read(ready, entry)
    if m then
      local what, reason = text, kind == 'bury' and text
      if kind == 'lost' then
        what = LOST
        burnt, reason = lose(m, tonumber(text))
      end
      if burnt or kind == 'lost' then note(m, time, session, what) end
      if burnt then attempted(m) end
      leave(keys, m, reason and 'buried' or burnt and 'retried' or 'moved')
      if reason then
        m.malformed = false
        bury(keys, fields(m), reason)
      elseif delay > 0 then
        hold(keys, m, time + delay, session .. '-' .. entry)
      else
        put(keys, fields(m))
      end
    else -- somebody has deleted the entry, and the message with it
      tally('deleted', 1)
    end
  end
end

tally('refused', refused)
local listed = write_tally(stats) or tallied.listed and trim_at
if listed and listed >= trim_at then
  local fields_of_group = group(ready)
  if fields_of_group then listed = listed - trim(ready, stats, fields_of_group, false) end
  if listed > delete_at then -- a slow message holds the floor
    for first = 1, #gone, 1000 do
      local removed = redis.call('XDEL', ready, unpack(gone, first, math.min(#gone, first + 999)))
      count(stats, 'listed', -removed)
    end
  end
end
if alive then
  local answer = sequence .. ' ' .. refused
  if #refused_ids > 0 then answer = answer .. ' ' .. table.concat(refused_ids, ' ') end
  redis.call('HSET', settled, session, answer)
end
return { 'settled', refused, later and wait(later, time or now()) or -2, refused_ids }
