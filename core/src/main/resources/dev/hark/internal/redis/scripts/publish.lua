-- Takes the next numbered batch of a sender: each message into the stream, or kept until it is due.
-- A batch sent again is answered as the first time. One that is not the next is refused and nothing is written.
--
-- KEYS: ready, stats, sender; with delayed messages or a limit also later, held
-- ARGV: sequence, nonce, milliseconds to remember the sender, channel to wake promoters, limit, columns;
--       then for each message a value for each column
--       limit: '', or 'MOST refuse' or 'MOST drop', where at most so many may wait
--       columns: names, of which body must be there; due ('' at once, '+ms' from now, 'ms' since 1970), meta, body
-- Returns: a text, which is cheaper than a list: 'accepted ANSWER', 'repeated ANSWER', 'full ROOM', 'gap LAST',
--          'cloned LAST'. The number of a batch that was answered 'full' is used up, so that a late copy of it does no harm.
--          ANSWER: 'r first n' for n consecutive ids of ready, 'l id id …', or 'f ROOM' of a repeated one that found no
--          room; an id stands for one that went into ready, else where it went is before it: 'later:id'
-- The first write is HINCRBY: refused when out of memory. Types are found out by what is done first, which costs less
-- than asking for them: two reads, and an entry, before which only a counter is written that can be taken back.
-- Bound: the batch; to drop the oldest also 1,000 messages or 4 MiB, and one message more, however large.
-- What is kept of a sender is in its own layout, and only it reads that: its repeats are answered in any.
-- Uses: time, guard, stats, stream, walk, message, put, leave
-- Commands: TIME PUBLISH; ready TYPE EXISTS XINFO|GROUPS XLEN XADD XDEL; stats TYPE HGET HINCRBY;
--           sender TYPE GET SET PEXPIRE; later TYPE ZRANGE ZCARD ZADD; held TYPE HSETNX;
--           to drop the oldest also ready XRANGE; later ZREM; held HSTRLEN HDEL

local ready, stats, sender, later, held = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
local sequence, nonce, ttl, wake, columns = tonumber(ARGV[1]), ARGV[2], ARGV[3], ARGV[4], ARGV[6]
local width, due_at, meta_at, body_at = 1, nil, nil, 1 -- which of a message's values is what
if columns ~= 'body' then
  local at = {}
  width = 0
  for name in string.gmatch(columns, '%S+') do
    width = width + 1
    if name ~= 'due' and name ~= 'meta' and name ~= 'body' then
      return redis.error_reply("ERR no column has the name '" .. string.sub(name, 1, 40) .. "'")
    end
    at[name] = width
  end
  due_at, meta_at, body_at = at.due, at.meta, at.body
end
local n = (#ARGV - 6) / width
if not body_at or n ~= math.floor(n) then
  return redis.error_reply("ERR a batch has a column 'body', and a value of each column for each message")
end
local limit, overflow
if ARGV[5] ~= '' then
  limit, overflow = string.match(ARGV[5], '^(%d+) (%l+)$')
  if overflow ~= 'refuse' and overflow ~= 'drop' then
    return redis.error_reply("ERR a limit is empty, 'MOST refuse' or 'MOST drop', not '" .. string.sub(ARGV[5], 1, 40) .. "'")
  end
end
if (due_at or limit) and not later then
  return redis.error_reply("ERR a batch with a column 'due' or a limit has the keys later and held")
end
local keys = later and { ready = ready, later = later, held = held }
local MOST_DROPPED, MOST_BYTES = 1000, 4194304 -- a limit that was lowered is reached in steps

local last, by, answer = 0, '', ''
local kept = redis.pcall('GET', sender)
if kept then
  if kept.err then return wrong(sender, 'string') or kept end
  last, by, answer = string.match(kept, '^(%d+) (%S+) (.*)$')
  last = tonumber(last)
end
if sequence == last then
  if by ~= nonce then return 'cloned ' .. ms(last) end
  redis.call('PEXPIRE', sender, ttl) -- a write, so that WAIT after a repeat counts it
  return 'repeated ' .. answer
end
if sequence ~= last + 1 then return 'gap ' .. ms(last) end

local bad = newer(stats)
if not bad and later then bad = wrong(ready, 'stream') or wrong(later, 'zset') or wrong(held, 'hash') end
if bad then return bad end

local time
if due_at then
  for i = 6 + due_at, #ARGV, width do
    local due = ARGV[i]
    if due ~= '' then
      time = time or now()
      local after = string.match(due, '^%+(%d+)$') or string.match(due, '^%-?%d+$') and tonumber(due) - time
      if not after or tonumber(after) > MOST_DELAY then
        return redis.error_reply("ERR a due time is '+ms' from now or 'ms' since 1970, within 100 years, not '" .. string.sub(due, 1, 40) .. "'")
      end
    end
  end
end

local fields_of_group, handed_out
if limit then
  fields_of_group = group(ready)
  local pending = fields_of_group and fields_of_group.pending or 0
  local others = math.max(0, redis.call('XLEN', ready) - pending) -- no counter can make it more, or less than none
  handed_out = pending + math.max(0, math.min(others, listed(stats)))
  local room = math.max(0, limit - (redis.call('XLEN', ready) - handed_out) - redis.call('ZCARD', later))
  if n > room and overflow ~= 'drop' then
    redis.call('SET', sender, ARGV[1] .. ' ' .. nonce .. ' f ' .. ms(room), 'PX', ttl)
    return 'full ' .. ms(room)
  end
  if n > room then -- dropping reads what it drops: whoever may not is refused while nothing is written
    local denied = redis.pcall('XRANGE', ready, '0-0', '0-0')
    if denied.err then return denied end
  end
end

-- That others have made it something that nobody can count on shows only where there is memory left.
local counted = redis.pcall('HINCRBY', stats, 'published', n)
local uncounted = type(counted) == 'table'
if uncounted and not (string.find(counted.err, 'overflow', 1, true) or string.find(counted.err, 'not an integer', 1, true)) then
  return counted
end

-- What goes out at once comes first: only that can fail, and nothing else has to be taken back then.
local ids, due, earliest = {}, {}, nil
local added = due_at and {} or ids
if later then earliest = redis.call('ZRANGE', later, 0, 0)[1] end
for place = 1, n do
  local before = 6 + (place - 1) * width
  local after = due_at and ARGV[before + due_at] or ''
  if after ~= '' then
    local from_now = string.match(after, '^%+(.*)$')
    local at = from_now and time + tonumber(from_now) or tonumber(after)
    if at > time then due[place] = at end
  end
  if not due[place] then
    local meta = meta_at and ARGV[before + meta_at] or ''
    local id = redis.pcall('XADD', ready, '*', 'hark', meta == '' and '1' or '1\n' .. meta, 'body', ARGV[before + body_at])
    if type(id) == 'table' then -- another type, or no ids left: what was written is taken back
      if #added > 0 then redis.call('XDEL', ready, unpack(added)) end
      if not uncounted then count(stats, 'published', -n) end
      return wrong(ready, 'stream') or id
    end
    ids[place] = id
    if due_at then added[#added + 1] = id end
  end
end
for place = 1, due_at and n or 0 do
  if due[place] then
    local before = 6 + (place - 1) * width
    -- of fixed width: equal due times sort by id
    local number, id = count(stats, 'delayed', 1), nil
    if number and number > 0 and number < 1000000000000 then
      id = ms(time) .. '-d' .. string.format('%012.0f', number)
    else -- others have counted on from there
      id = ms(time) .. '-d' .. nonce .. string.format('-%03d', place)
    end
    local meta = meta_at and ARGV[before + meta_at] or ''
    local m = { id = id, at = ms(time), attempts = 0, recoveries = 0, meta = meta, log = '', body = ARGV[before + body_at] }
    hold(keys, m, due[place], nonce .. '-' .. place)
    ids[place] = 'later:' .. id
  end
end

-- What is oldest makes room, then what is due first. Only ids are wanted of it, but there is no command for that.
if limit then
  local over = math.min(MOST_DROPPED, redis.call('XLEN', ready) - handed_out + redis.call('ZCARD', later) - limit)
  local from = fields_of_group and '(' .. fields_of_group['last-delivered-id'] or kept_floor(stats) or '-'
  local budget = { entries = over, bytes = MOST_BYTES }
  if not fields_of_group or fields_of_group['last-delivered-id'] ~= LAST_ID then
    walk(ready, from, '+', budget, function(entry) leave(keys, message(entry[1], entry[2]), 'dropped') end)
  end
  while budget.entries > 0 and budget.bytes > 0 do
    local id = redis.call('ZRANGE', later, 0, 0)[1]
    if not id then break end
    budget.entries = budget.entries - 1
    budget.bytes = budget.bytes - #id - redis.call('HSTRLEN', held, id)
    leave_later(keys, id, 'dropped')
  end
  write_tally(stats)
end

-- Ids of a stream only grow, so if the last is n - 1 after the first, all between are consecutive.
local from, seq
if n > 1 then from, seq = string.match(ids[1], '^(%d+)-(%d+)$') end
if from and ids[n] == from .. '-' .. ms(seq + n - 1) then
  answer = 'r ' .. ids[1] .. ' ' .. n
else
  answer = 'l ' .. table.concat(ids, ' ')
end
redis.call('SET', sender, ARGV[1] .. ' ' .. nonce .. ' ' .. answer, 'PX', ttl)
if later and redis.call('ZRANGE', later, 0, 0)[1] ~= earliest then redis.call('PUBLISH', wake, '') end
return 'accepted ' .. answer
