-- Takes the next numbered batch of a sender: each message into the stream, or kept until it is due.
-- A batch sent again is answered as the first time. One that is not the next is refused and nothing is written.
--
-- KEYS: ready, stats, sender; with delayed messages also later, held
-- ARGV: sequence, nonce, milliseconds to remember the sender, channel to wake promoters, form;
--       then for each message, in the form 'plain': body;
--       in the form 'full': due ('' at once, '+ms' from now, 'ms' since 1970), meta, body
-- Returns: a text, which is cheaper than a list: 'accepted ANSWER', 'repeated ANSWER', 'gap LAST', 'cloned LAST'
--          ANSWER: 'r first n' for n consecutive ids, or 'l id id …'
-- The first write is HINCRBY: refused when out of memory. Types are found out by what is done first, which costs less
-- than asking for them: a read, a counter that can be taken back, and an entry.

local ready, stats, sender, later, held = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
local sequence, nonce, ttl, wake, plain = tonumber(ARGV[1]), ARGV[2], ARGV[3], ARGV[4], ARGV[5] == 'plain'
local step = plain and 1 or 3
local n = (#ARGV - 5) / step

if later then
  local bad = wrong(ready, 'stream') or wrong(later, 'zset') or wrong(held, 'hash') or full(ready)
  if bad then return bad end
end

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

local counted = redis.pcall('HINCRBY', stats, 'published', n)
if type(counted) == 'table' then return wrong(stats, 'hash') or counted end

local ids, time, earliest = {}, nil, nil
if later then earliest = redis.call('ZRANGE', later, 0, 0)[1] end
for i = 6, #ARGV, step do
  local due, meta, body = '', '', ARGV[i]
  if not plain then due, meta, body = ARGV[i], ARGV[i + 1], ARGV[i + 2] end
  local at
  if due ~= '' then
    time = time or now()
    at = string.sub(due, 1, 1) == '+' and time + tonumber(string.sub(due, 2)) or tonumber(due)
  end
  if at and at > time then
    -- of fixed width: equal due times sort by id
    local id = ms(time) .. '-d' .. string.format('%012.0f', redis.call('HINCRBY', stats, 'delayed', 1))
    local m = { id = id, at = ms(time), attempts = 0, recoveries = 0, meta = meta, log = '', body = body }
    hold(later, held, m, at)
    ids[#ids + 1] = id
  else
    local id = redis.pcall('XADD', ready, '*', 'hark', meta == '' and '1' or '1\n' .. meta, 'body', body)
    if type(id) == 'table' then -- another type, or no ids left: what was written is taken back
      if #ids > 0 then redis.call('XDEL', ready, unpack(ids)) end
      if redis.call('HINCRBY', stats, 'published', -n) == 0 then redis.call('HDEL', stats, 'published') end
      return wrong(ready, 'stream') or id
    end
    ids[#ids + 1] = id
  end
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
