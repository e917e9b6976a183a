-- What the transitions share. Put before each script when it is loaded; it has no keys or arguments of its own.

local GROUP = 'hark'
local LAYOUT = 1 -- of what is kept of a queue; see docs/decisions/0016
local LOG_BYTES = 8192 -- an attempt ledger longer than this loses its oldest lines
local MOST_FIELDS = 4000 -- names and values of an entry that is kept verbatim: unpack fails near 8,000
local LARGE = 1024 -- bytes of an entry that is deleted once it is settled; smaller ones are trimmed, which costs less
local MOST_COUNTED = 999999999 -- attempts and recoveries are counted no further: more digits are no envelope
local MOST_HEAD, MOST_ID = 166, 128 -- characters
local LAST_IDS = '^18446744073709551615%-1844674407370955%d%d%d%d$' -- fewer than 2,000 ids are left
local LAST_ID = '18446744073709551615-18446744073709551615' -- nothing can be asked for after it
local LAST_IDS_FROM = '18446744073709551615-18446744073709550000'
local MOST_NAME = 300 -- characters of a name in later: a message's id, and what makes it unique where it was taken
local MOST_DELAY = 3155760000000 -- 100 years in ms
local FAR = 9007199254740991 -- in ms: never, as far as numbers are exact

-- Milliseconds by Redis's clock. As a number: exact up to 2^53. Written with ms(), since '..' would round.
local function now()
  local t = redis.call('TIME')
  return t[1] * 1000 + math.floor(t[2] / 1000)
end

local function ms(number)
  return string.format('%.0f', number)
end

-- The last time that a sweep saw, and the highest that was ever seen if the clock has been turned back below it since. Kept
-- as a text that no HINCRBY makes or changes.
local function seen(stats)
  local last, high = string.match(redis.call('HGET', stats, 'seen') or '', '^t(%d+) ?(%d*)$')
  if not last or #last > 15 or #high > 15 then return nil, 0 end
  last = tonumber(last)
  return last, math.max(last, tonumber(high) or 0)
end

-- Moves all leases along where time has gone otherwise than with sweeps, of which each lease sees more than two: the clock was
-- turned, or the machine was suspended, or nobody swept. What is left of a lease stays what it was at the last sweep. Returns
-- whether the clock has been later than it is now. At most 5,000 are moved; ZADD works where the script has written before.
local function move_leases(sessions, stats, time, lease)
  local last, high = seen(stats)
  local off = last and time - last or 0
  if off < 0 or off > lease / 2 then
    local all = redis.call('ZRANGE', sessions, 0, 4999, 'WITHSCORES')
    for first = 1, #all, 2000 do
      local moved = {}
      for i = first, math.min(#all, first + 1998), 2 do
        moved[#moved + 1], moved[#moved + 2] = ms(all[i + 1] + off), all[i]
      end
      redis.call('ZADD', sessions, 'XX', unpack(moved))
    end
  end
  redis.call('HSET', stats, 'seen', 't' .. ms(time) .. (high > time and ' ' .. ms(high) or ''))
  return high > time
end

-- How many sessions have a lease: where nobody listens, nobody strikes off a dead one. Where the clock was turned back, and
-- nobody has swept since to move the leases along, nobody is known to listen.
local function listening(sessions, stats, time)
  if (seen(stats) or time) > time then return 0 end
  return redis.call('ZCOUNT', sessions, '(' .. ms(time), '+inf')
end

-- An error if the key holds another type. Scripts are not rolled back, so this comes before the first write.
local function wrong(key, want)
  local is = redis.call('TYPE', key).ok
  if is ~= 'none' and is ~= want then
    return redis.error_reply('WRONGTYPE ' .. key .. ' holds a ' .. is .. ' where Hark keeps a ' .. want)
  end
end

-- An error if a newer Hark has raised the queue to a layout that is not known here, or if stats is no hash. Comes before
-- all else that is read of the queue, which may mean something else by now. A layout is a text such as v2: publishers
-- may count in stats, so that a plain number there is nobody's word, and counting cannot change a text.
local function newer(stats)
  local layout = redis.pcall('HGET', stats, 'layout')
  if type(layout) == 'table' then return wrong(stats, 'hash') or layout end
  if layout and not string.find(layout, '^%-?%d+$') then
    local known = string.match(layout, '^v(%d+)$')
    if not known or tonumber(known) > LAYOUT then
      return redis.error_reply('HARKLAYOUT ' .. stats .. ' says layout ' .. string.sub(known or layout, 1, 40) .. ', and '
        .. LAYOUT .. ' is the newest known here')
    end
  end
end

-- Counts, and returns what it comes to; nil where others have made the field something that nobody can count on, which
-- must not end a script after its first write.
local function count(stats, field, by)
  local counted = redis.pcall('HINCRBY', stats, field, ms(by))
  return type(counted) == 'number' and counted or nil
end

-- How many settled entries have not been trimmed, by the counter: others may have written anything there.
local function listed(stats)
  return tonumber(string.match(redis.call('HGET', stats, 'listed') or '', '^%-?%d+$') or 0)
end

-- All figures that are there, as field, value …: others may have added any number of fields.
local function figures(stats)
  local names = { 'published', 'done', 'retried', 'recovered', 'refused', 'deleted', 'dropped', 'copies', 'delayed',
    'listed', 'floor' }
  local flat = {}
  for i, value in ipairs(redis.call('HMGET', stats, unpack(names))) do
    if value then flat[#flat + 1], flat[#flat + 2] = names[i], value end
  end
  return flat
end

-- An error if nothing, or too little for a script, can be added to the stream: somebody has used one of its last ids.
-- Tells by an entry that is taken back at once: whoever asks for the last id is shown whole entries, of any size. Its
-- first write removes nothing, and works when out of memory, which is looked at then only. Only for what is added to
-- afterwards: else all who wait at the stream would be woken for nothing.
local function full(stream)
  redis.call('XDEL', stream, '0-0')
  local id = redis.pcall('XADD', stream, 'NOMKSTREAM', '*', 'hark', '')
  if not id then return nil end
  if type(id) == 'string' then
    redis.call('XDEL', stream, id)
    if not string.find(id, LAST_IDS) then return nil end
  elseif not string.find(id.err, 'ID', 1, true) then
    return id
  end
  return redis.error_reply('HARKFULL ' .. stream .. ' has an entry with one of the last possible ids, nothing can be added')
end

-- The queue's group as a table of its fields, or nil if the stream or the group is missing.
local function group(stream)
  if redis.call('EXISTS', stream) == 0 then return nil end
  for _, flat in ipairs(redis.call('XINFO', 'GROUPS', stream)) do
    local fields = {}
    for i = 1, #flat, 2 do fields[flat[i]] = flat[i + 1] end
    if fields.name == GROUP then return fields end
  end
end

-- The id right after this one, or this one where the number is too long to count on.
local function successor(id)
  local time, seq = string.match(id, '^(%d+)-(%d+)$')
  if #seq > 15 then return id end
  return time .. '-' .. ms(seq + 1)
end

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

-- The settled floor that is kept of the queue, or nil where others have written what is no id.
local function kept_floor(stats)
  local id = redis.call('HGET', stats, 'floor')
  local time, seq = string.match(id or '', '^(%d+)-(%d+)$')
  local function fits(number) return #number < 20 or #number == 20 and number <= '18446744073709551615' end
  return time and fits(time) and fits(seq) and id or nil
end

-- Every entry below this id has been handed out and settled.
local function floor(stream, fields)
  local first = redis.call('XPENDING', stream, GROUP, '-', '+', 1)[1]
  return first and first[1] or successor(fields['last-delivered-id'])
end

-- Removes what lies below the floor: cheaply whole nodes, or exactly when little is left.
local function trim(stream, stats, fields, exact)
  local id = floor(stream, fields)
  local gone = redis.call('XTRIM', stream, 'MINID', exact and '=' or '~', id)
  redis.call('HSET', stats, 'floor', id)
  if gone > 0 then count(stats, 'listed', -gone) end
  return gone
end

-- What an entry costs to read or to write, in bytes: each name and value costs as much as 160 of them. One with very many
-- costs more than any call may take.
local function weight(fields)
  if #fields > MOST_FIELDS then return FAR end
  local sum = 160 * #fields
  for i = 1, #fields do sum = sum + #fields[i] end
  return sum
end

-- Reads entries one at a time, as nobody knows how large the next one is; until there are no more, each() says that it is
-- enough, or the budget of entries and bytes is used up. Returns the last one's id, or nil if there are no more.
local function walk(stream, from, to, budget, each)
  local last = nil
  while budget.entries > 0 and budget.bytes > 0 do
    local entry = redis.call('XRANGE', stream, from, to, 'COUNT', 1)[1]
    if not entry then return nil end
    last = entry[1]
    budget.entries = budget.entries - 1
    budget.bytes = budget.bytes - weight(entry[2])
    if each(entry) then return last end
    if last == LAST_ID then return nil end
    from = '(' .. last
  end
  return last
end

-- Leaves nothing that is settled of a queue in which nobody holds anything, else what is above the floor; in steps.
local function tidy(stream, stats, fields)
  local settled = listed(stats)
  if settled == 0 then return end
  local gone = 0
  if settled > 1000 then gone = trim(stream, stats, fields, false) end
  if gone > 0 and settled - gone > 1000 then return end
  trim(stream, stats, fields, true)
  -- nothing that was settled is left: what is still counted has been deleted by somebody else
  if fields.pending == 0 then redis.call('HSET', stats, 'listed', 0) end
end

-- Fields as one text, where they cannot be kept as they are: of a name that comes again all values, in their order.
local function text(fields)
  local raw = {}
  for i = 1, #fields, 2 do
    local name, value = fields[i], fields[i + 1]
    local before = raw[name]
    if before == nil then raw[name] = value
    elseif type(before) == 'table' then before[#before + 1] = value
    else raw[name] = { before, value } end
  end
  return cjson.encode(raw)
end

-- Reads the head of an envelope into a message: '1', or '1 ID AT ATTEMPTS RECOVERIES'. One of another version is unknown,
-- all else is malformed. Head reads by the same grammar, which is in docs/protocol.md.
local function read_head(m, head)
  if head == '1' then return end
  local id, at, attempts, recoveries
  if #head <= MOST_HEAD then
    id, at, attempts, recoveries = string.match(head, '^1 ([!-~]+) ([0-9]+) ([0-9]+) ([0-9]+)$')
  end
  if id and #id <= MOST_ID and #at <= 15 and #attempts <= 9 and #recoveries <= 9 then
    m.id, m.at, m.attempts, m.recoveries = id, at, tonumber(attempts), tonumber(recoveries)
    return
  end
  local version = string.match(head, '^([1-9][0-9]*)$') or string.match(head, '^([1-9][0-9]*) ')
  m.unknown = version ~= nil and version ~= '1' and #version <= 9
  m.malformed = not m.unknown
end

-- An entry as a message. An entry without an envelope comes from a foreign producer, who may give a field meta. Of an
-- envelope of another version only the fields are known, and they stay as they are; so do those of what is no message.
local function message(entry, fields)
  local m = { fields = fields, meta = '', log = '', size = 0, id = entry, attempts = 0, recoveries = 0 }
  for i = 1, #fields, 2 do
    local name = fields[i]
    m.size = m.size + #name + #fields[i + 1]
    if name == 'hark' or name == 'body' or name == 'meta' then m[name] = fields[i + 1] end
  end
  m.at = string.match(entry, '^%d+')
  if #m.at > 15 then m.at = '999999999999999' end
  m.foreign = m.hark == nil
  if m.foreign then
    if string.find(m.meta, '\n', 1, true) then m.meta = string.gsub(m.meta, '\n+', ' ') end -- it gets a line of its own, and in JSON this is the same
  else
    local head
    head, m.meta, m.log = string.match(m.hark, '^([^\n]*)\n?([^\n]*)\n?(.*)$')
    read_head(m, head)
  end
  m.bare = m.body == nil
  if m.bare then m.malformed = true end
  return m
end

-- Reads an entry that is still in the stream.
local function read(stream, entry)
  local found = redis.call('XRANGE', stream, entry, entry)[1]
  return found and message(entry, found[2])
end

-- Counts an attempt.
local function attempted(m)
  m.attempts = math.min(MOST_COUNTED, m.attempts + 1)
end

-- Notes the end of an attempt in the message's ledger, whose oldest lines go where it is too long: found with one look.
local function note(m, time, session, what)
  local line = ms(time) .. ' ' .. ms(m.attempts) .. ' ' .. session .. ' ' .. what
  local over = #m.log + 1 + #line - LOG_BYTES
  if m.log == '' then
    m.log = line
  elseif over <= 0 then
    m.log = m.log .. '\n' .. line
  else
    local cut = over <= #m.log and string.find(m.log, '\n', over, true)
    m.log = cut and string.sub(m.log, cut + 1) .. '\n' .. line or line
  end
end

-- The fields of a message's entry, always the same in the same order: a stream then keeps their names once a node.
local function fields(m)
  if m.unknown or m.malformed then
    if #m.fields <= MOST_FIELDS then return m.fields end
    if m.malformed and not m.bare then return { 'hark', m.hark, 'body', m.body } end
    local packed = { 'fields', text(m.fields) }
    if m.hark then packed[3], packed[4] = 'hark', m.hark end
    return packed
  end
  local envelope = '1 ' .. m.id .. ' ' .. m.at .. ' ' .. m.attempts .. ' ' .. m.recoveries
  if m.meta ~= '' or m.log ~= '' then envelope = envelope .. '\n' .. m.meta end
  if m.log ~= '' then envelope = envelope .. '\n' .. m.log end
  return { 'hark', envelope, 'body', m.body or text(m.fields) }
end

-- Keeps a message until it is due. Its id may be taken, by a copy that a lost group or a rollback made, or by a forged
-- one: then it gets something after it that nobody else can know. Should that be taken too, the message comes early.
local function hold(later, held, ready, m, due, unique)
  local id, f = m.id, fields(m)
  local packed = cmsgpack.pack(f)
  if redis.call('HSETNX', held, id, packed) == 0 then
    id = id .. '~' .. unique
    if redis.call('HSETNX', held, id, packed) == 0 then
      redis.call('XADD', ready, '*', unpack(f))
      return
    end
  end
  redis.call('ZADD', later, ms(due), id)
end

-- The fields that hold() packed, or nil if somebody else has packed something else: read by hand, as unpacking makes
-- whatever it is told to, however large.
local function unpacked(packed)
  local kind, at, n = string.byte(packed, 1), 2, nil
  local function number(bytes)
    local sum = 0
    for i = at, at + bytes - 1 do sum = sum * 256 + (string.byte(packed, i) or FAR) end
    at = at + bytes
    return sum
  end
  if not kind then return nil end
  if kind >= 144 and kind <= 159 then n = kind - 144 elseif kind == 220 then n = number(2) elseif kind == 221 then n = number(4) end
  if not n or n == 0 or n % 2 == 1 or n > MOST_FIELDS then return nil end
  local list = {}
  for i = 1, n do
    local length
    kind = string.byte(packed, at) or 0
    at = at + 1
    if kind >= 160 and kind <= 191 then length = kind - 160
    elseif kind >= 217 and kind <= 219 then length = number(2 ^ (kind - 217))
    else return nil end
    if at + length - 1 > #packed then return nil end
    list[i] = string.sub(packed, at, at + length - 1)
    at = at + length
  end
  return at == #packed + 1 and list or nil
end

-- Whether what is first in later is to be moved: it is due, or has a name that nobody gives. Names of strangers may be of any
-- length, and would be copied with each look.
local function movable(first, time)
  return first[1] and (tonumber(first[2]) <= time or #first[1] > MOST_NAME)
end

-- How long until the first is to be moved: -1 for never. Others may have given it any time.
local function wait(later, time)
  local first = redis.call('ZRANGE', later, 0, 0, 'WITHSCORES')
  if not first[2] then return -1 end
  return movable(first, time) and 0 or math.min(MOST_DELAY, tonumber(first[2]) - time)
end

-- All messages that came in against all that are somewhere. By the counters alone this is off where entries of other
-- programs wait, which do not count as published yet, or where somebody has deleted settled entries or some that are in
-- work: so the entries are read, up to a bound. Returns how many messages are missing, below zero how many there are too
-- many; how far it looked (0 means nothing, 1 what was handed out, 2 everything); how many entries are settled.
local function weigh(ready, later, held, dead, stats)
  local budget = { entries = 1500, bytes = 4194304 }
  local names, counted = { 'published', 'copies', 'done', 'deleted', 'dropped', 'floor' }, {}
  local figures = redis.call('HMGET', stats, unpack(names))
  for i, name in ipairs(names) do counted[name] = tonumber(string.match(figures[i] or '', '^%-?%d+$') or 0) end
  local fields_of_group = group(ready)
  if fields_of_group and fields_of_group.pending > budget.entries then return 0, 0, 0 end
  if not fields_of_group and figures[#names] then return 0, 0, 0 end

  local pending, in_work = {}, 0
  if fields_of_group then
    for _, p in ipairs(redis.call('XPENDING', ready, GROUP, '-', '+', budget.entries)) do
      pending[p[1]] = true
      in_work = in_work + 1
    end
  end

  local settled, found, foreign = 0, 0, 0
  local function is_foreign(names_and_values)
    for i = 1, #names_and_values, 2 do
      if names_and_values[i] == 'hark' then return false end
    end
    return true
  end
  local function look(entry, handed_out)
    if handed_out and not pending[entry[1]] then
      settled = settled + 1
    else
      if handed_out then found = found + 1 end
      if is_foreign(entry[2]) then foreign = foreign + 1 end
    end
  end

  local delivered, reach = fields_of_group and fields_of_group['last-delivered-id'], 0
  if not delivered or not walk(ready, '-', delivered, budget, function(entry) look(entry, true) end) then
    local from = delivered and '(' .. delivered or '-'
    local done = delivered == LAST_ID or not walk(ready, from, '+', budget, function(entry) look(entry, false) end)
    reach = done and 2 or 1
  end
  -- What is in work but no longer in the stream will count as deleted, or as done, by itself.
  local function missing()
    local came = counted.published + counted.copies + foreign
    local went = counted.done + counted.deleted + counted.dropped
    return came - went - redis.call('ZCARD', later) - redis.call('XLEN', dead)
      - (redis.call('XLEN', ready) - settled) - (in_work - found)
  end
  if reach == 2 and missing() < 0 then -- foreign entries without a body stay as they are when they are put off
    local n = redis.call('ZCARD', later)
    for place = 0, n - 1 do
      if budget.entries <= 0 or budget.bytes <= 0 then
        reach = 1
        break
      end
      local id = redis.call('ZRANGE', later, place, place)[1]
      local kept = redis.call('HGET', held, id) or ''
      local list = unpacked(kept)
      budget.entries = budget.entries - 1
      budget.bytes = budget.bytes - #id - #kept - (list and weight(list) or 0)
      if list and is_foreign(list) then foreign = foreign + 1 end
    end
  end
  -- Where the group was lost, copies of entries of other programs count as published once more: as many are in doubt.
  local off, copies = missing(), counted.copies
  if off > 0 and copies > 0 then
    if off <= copies then return 0, 0, settled end
    off = off - copies
    reach = math.min(reach, 1)
  end
  return math.max(-FAR, math.min(FAR, off)), reach, settled
end
