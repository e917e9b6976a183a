-- What can be seen of a queue, all of one moment. Whatever is there is told: a key of the wrong type counts as empty.
-- Of a queue of a newer layout nothing is told. Writes nothing.
--
-- KEYS: ready, later, held, dead, sessions, settled, stats, config
-- ARGV: how many names to tell, ms before a session or consumer is told of
-- Returns: {types, without_ids, has_group, entries, pending, later, held, dead, sessions, lapsed, lapsed_sessions, strays,
--           stray_consumers, waited, overdue, stats, durability, bytes, first_holder, last_asked}
--   types: of the keys; without_ids: keys to which nothing can be added; has_group: 1 if there is one;
--   sessions: with a lease; lapsed: whose lease has lapsed for so long; lapsed_sessions: session, entries it has …;
--   strays: consumers without a session that have had entries for so long; stray_consumers: consumer, entries it has …;
--   waited: ms for which the oldest has waited or -1; overdue: ms for which the first has been due or -1;
--   stats: field, value …; durability: what is wanted or ''; bytes: that the stream takes or -1;
--   first_holder: who holds the first that is not settled, for how many ms, or nothing;
--   last_asked: ms since one with a session last asked for entries or -1
-- Bound: at most two entries are read, however large, the oldest that waits and one with the last possible ids; sessions
-- and consumers are looked through, 5 us each.
-- Uses: time, guard, lease, stream, look
-- Commands: TIME; ready TYPE EXISTS XINFO|GROUPS XINFO|CONSUMERS XPENDING XRANGE XLEN MEMORY|USAGE; later TYPE ZCARD ZRANGE;
--           held TYPE HLEN; dead TYPE XRANGE XLEN; sessions TYPE ZCOUNT ZRANGEBYSCORE ZSCORE;
--           settled TYPE; stats TYPE HGET HMGET; config TYPE HGET

local LAST_IDS_FROM = '18446744073709551615-18446744073709550000'
local ready, later, held, dead, sessions, stats, config = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5], KEYS[7], KEYS[8]
local most, grace = tonumber(ARGV[1]), tonumber(ARGV[2])

local types, is = {}, {}
for place, key in ipairs({ ready, later, held, dead, sessions, KEYS[6], stats, config }) do
  types[place] = redis.call('TYPE', key).ok
  is[key] = types[place]
end
if is[stats] == 'hash' then
  local bad = newer(stats)
  if bad then return bad end
end
local time = now()

local without_ids = {}
for _, stream in ipairs({ ready, dead }) do -- the others learn of it by adding to it
  if is[stream] == 'stream' and redis.call('XRANGE', stream, LAST_IDS_FROM, '+', 'COUNT', 1)[1] then
    without_ids[#without_ids + 1] = stream
  end
end

local fields_of_group, oldest
local consumers, holds = {}, {}
local bytes, holder = -1, {}
if is[ready] == 'stream' then
  fields_of_group = group(ready)
  if fields_of_group then
    for _, flat in ipairs(redis.call('XINFO', 'CONSUMERS', ready, GROUP)) do
      local consumer = {}
      for i = 1, #flat, 2 do consumer[flat[i]] = flat[i + 1] end
      consumers[#consumers + 1] = consumer
      holds[consumer.name] = consumer.pending
    end
  end
  bytes = redis.pcall('MEMORY', 'USAGE', ready, 'SAMPLES', 100)
  if type(bytes) == 'table' then bytes = -1 end -- a user of an earlier release may not ask
  local first = fields_of_group and redis.call('XPENDING', ready, GROUP, '-', '+', 1)[1]
  if first then holder = { first[2], first[3] } end
  local from = fields_of_group and successor(fields_of_group['last-delivered-id']) or '-'
  oldest = redis.call('XRANGE', ready, from, '+', 'COUNT', 1)[1]
end

local asked = -1
if is[sessions] == 'zset' then
  for _, consumer in ipairs(consumers) do
    if (asked < 0 or consumer.idle < asked) and redis.call('ZSCORE', sessions, consumer.name) then asked = consumer.idle end
  end
end

local listeners, lapsed, named_lapsed, nobodys, named_nobodys = 0, 0, {}, 0, {}
if is[sessions] == 'zset' then
  listeners = is[stats] == 'hash' and listening(sessions, stats, time) or 0
  lapsed = redis.call('ZCOUNT', sessions, '-inf', ms(time - grace))
  for _, session in ipairs(redis.call('ZRANGEBYSCORE', sessions, '-inf', ms(time - grace), 'LIMIT', 0, most)) do
    named_lapsed[#named_lapsed + 1] = session
    named_lapsed[#named_lapsed + 1] = holds[session] or 0
  end
end
if is[sessions] == 'zset' or is[sessions] == 'none' then
  for _, consumer in ipairs(consumers) do
    if
      consumer.pending > 0
      and not redis.call('ZSCORE', sessions, consumer.name)
      and redis.call('XPENDING', ready, GROUP, 'IDLE', grace, '-', '+', 1, consumer.name)[1]
    then
      nobodys = nobodys + 1
      if nobodys <= most then
        named_nobodys[#named_nobodys + 1] = consumer.name
        named_nobodys[#named_nobodys + 1] = consumer.pending
      end
    end
  end
end

-- Ids and scores may have been written by hand.
local function since(moment)
  return math.max(0, math.min(FAR, time - tonumber(moment)))
end
local waited, overdue = -1, -1
if oldest then waited = since(string.match(oldest[1], '^%d+')) end
if is[later] == 'zset' then
  local due = redis.call('ZRANGE', later, 0, 0, 'WITHSCORES')[2]
  if tonumber(due) <= time then overdue = since(due) end
end

return {
  types,
  without_ids,
  fields_of_group and 1 or 0,
  is[ready] == 'stream' and redis.call('XLEN', ready) or 0,
  fields_of_group and fields_of_group.pending or 0,
  is[later] == 'zset' and redis.call('ZCARD', later) or 0,
  is[held] == 'hash' and redis.call('HLEN', held) or 0,
  is[dead] == 'stream' and redis.call('XLEN', dead) or 0,
  listeners,
  lapsed,
  named_lapsed,
  nobodys,
  named_nobodys,
  waited,
  overdue,
  is[stats] == 'hash' and figures(stats) or {},
  is[config] == 'hash' and redis.call('HGET', config, 'durability') or '',
  bytes,
  holder,
  asked,
}
