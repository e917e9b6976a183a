-- What the transitions share. Put before each script when it is loaded; it has no keys or arguments of its own.

local GROUP = 'hark'
local LAYOUT = 1 -- of what is kept of a queue; see docs/decisions/0016
local LOG_BYTES = 8192 -- an attempt ledger longer than this loses its oldest lines
local MOST_FIELDS = 4000 -- names and values of an entry that is kept verbatim: unpack fails near 8,000
local LAST_IDS = '^18446744073709551615%-1844674407370955%d%d%d%d$' -- fewer than 2,000 ids are left

-- Milliseconds by Redis's clock. As a number: exact up to 2^53. Written with ms(), since '..' would round.
local function now()
  local t = redis.call('TIME')
  return t[1] * 1000 + math.floor(t[2] / 1000)
end

local function ms(number)
  return string.format('%.0f', number)
end

-- An error if the key holds another type. Scripts are not rolled back, so this comes before the first write.
local function wrong(key, want)
  local is = redis.call('TYPE', key).ok
  if is ~= 'none' and is ~= want then
    return redis.error_reply('WRONGTYPE ' .. key .. ' holds a ' .. is .. ' where Hark keeps a ' .. want)
  end
end

-- An error if a newer Hark has raised the queue to a layout that is not known here, or if stats is no hash. Comes before
-- all else that is read of the queue, which may mean something else by now.
local function newer(stats)
  local layout = redis.pcall('HGET', stats, 'layout')
  if type(layout) == 'table' then return wrong(stats, 'hash') or layout end
  if layout and not ((tonumber(layout) or math.huge) <= LAYOUT) then
    return redis.error_reply('HARKLAYOUT ' .. stats .. ' says layout ' .. layout .. ', and ' .. LAYOUT .. ' is the newest known here')
  end
end

-- An error if nothing, or too little for a script, can be added to the stream: somebody has used one of its last ids.
local function full(stream)
  if redis.call('EXISTS', stream) == 0 then return nil end
  local info = redis.call('XINFO', 'STREAM', stream)
  for i = 1, #info, 2 do
    if info[i] == 'last-generated-id' and string.find(info[i + 1], LAST_IDS) then
      return redis.error_reply('HARKFULL ' .. stream .. ' has an entry with one of the last possible ids, nothing can be added')
    end
  end
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

-- Whether the stream has ever had this id, or a later one.
local function reached(stream, id)
  if redis.call('EXISTS', stream) == 0 then return false end
  local info, last = redis.call('XINFO', 'STREAM', stream), nil
  for i = 1, #info, 2 do
    if info[i] == 'last-generated-id' then last = info[i + 1] end
  end
  local time, seq = string.match(last, '^(%d+)-(%d+)$')
  local id_time, id_seq = string.match(id, '^(%d+)-(%d+)$')
  if time == id_time then time, id_time = seq, id_seq end
  if #time ~= #id_time then return #time > #id_time end
  return time >= id_time
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
  if gone > 0 then redis.call('HINCRBY', stats, 'listed', -gone) end
  return gone
end

-- Fields as one text, where they cannot be kept as they are.
local function text(fields)
  local raw = {}
  for i = 1, #fields, 2 do raw[fields[i]] = fields[i + 1] end
  return cjson.encode(raw)
end

-- An entry as a message. An entry without an envelope comes from a foreign producer, who may give a field meta. Of an
-- envelope of another version only the fields are known, and they stay as they are.
local function message(entry, fields)
  local m = { fields = fields, meta = '', log = '' }
  for i = 1, #fields, 2 do
    local name = fields[i]
    if name == 'hark' or name == 'body' or name == 'meta' then m[name] = fields[i + 1] end
  end
  m.foreign = m.hark == nil
  local head, id, at, attempts, recoveries = '1', nil, nil, nil, nil
  if m.foreign then
    m.meta = string.gsub(m.meta, '\n', ' ') -- it gets a line of its own, and in JSON this is the same
  else
    head, m.meta, m.log = string.match(m.hark, '^([^\n]*)\n?([^\n]*)\n?(.*)$')
    id, at, attempts, recoveries = string.match(head, '^1 (%S+) (%d+) (%d+) (%d+)$')
  end
  m.unknown = not (head == '1' or id)
  m.id = id or entry
  m.at = at or string.match(entry, '^%d+')
  m.attempts = tonumber(attempts or 0)
  m.recoveries = tonumber(recoveries or 0)
  if m.body == nil then
    m.body = text(fields)
    m.malformed = true
  end
  return m
end

-- Reads an entry that is still in the stream.
local function read(stream, entry)
  local found = redis.call('XRANGE', stream, entry, entry)[1]
  return found and message(entry, found[2])
end

-- Notes the end of an attempt in the message's ledger.
local function note(m, time, session, what)
  local line = ms(time) .. ' ' .. m.attempts .. ' ' .. session .. ' ' .. what
  m.log = m.log == '' and line or m.log .. '\n' .. line
  while #m.log > LOG_BYTES do
    local cut = string.find(m.log, '\n', 1, true)
    if not cut then break end
    m.log = string.sub(m.log, cut + 1)
  end
end

-- The fields of a message's entry, always the same in the same order: a stream then keeps their names once a node.
local function fields(m)
  if m.unknown or m.malformed then
    if #m.fields <= MOST_FIELDS then return m.fields end
    local packed = { 'fields', text(m.fields) }
    if m.hark then packed[3], packed[4] = 'hark', m.hark end
    return packed
  end
  local envelope = '1 ' .. m.id .. ' ' .. m.at .. ' ' .. m.attempts .. ' ' .. m.recoveries
  if m.meta ~= '' or m.log ~= '' then envelope = envelope .. '\n' .. m.meta end
  if m.log ~= '' then envelope = envelope .. '\n' .. m.log end
  return { 'hark', envelope, 'body', m.body }
end

-- Keeps a message until it is due. Its id may be taken, by a copy that a lost group or a rollback made.
local function hold(later, held, m, due)
  local id, packed = m.id, cmsgpack.pack(fields(m))
  while redis.call('HSETNX', held, id, packed) == 0 do id = id .. '~' end
  redis.call('ZADD', later, ms(due), id)
end

-- How long until the first is due: -1 for never.
local function wait(later, time)
  local first = redis.call('ZRANGE', later, 0, 0, 'WITHSCORES')
  if not first[2] then return -1 end
  return math.max(0, tonumber(first[2]) - time)
end

-- All messages that came in against all that are somewhere. By the counters alone this is off where entries of other
-- programs wait, which do not count as published yet, or where somebody has deleted settled entries or some that are in
-- work: so the entries are read, up to a bound. Returns how many messages are missing, below zero how many there are too
-- many; how far it looked (0 means nothing, 1 what was handed out, 2 everything); how many entries are settled.
local function weigh(ready, later, held, dead, stats)
  local MOST, MOST_BYTES = 25000, 16777216
  local LAST_ID = '18446744073709551615-18446744073709551615' -- nothing can be asked for after it
  local counted, flat = {}, redis.call('HGETALL', stats)
  local had_group = false
  for i = 1, #flat, 2 do
    counted[flat[i]] = tonumber(flat[i + 1])
    had_group = had_group or flat[i] == 'floor'
  end
  local fields_of_group = group(ready)
  if fields_of_group and fields_of_group.pending > MOST then return 0, 0, 0 end
  if not fields_of_group and had_group then return 0, 0, 0 end

  local pending, in_work = {}, 0
  if fields_of_group then
    for _, p in ipairs(redis.call('XPENDING', ready, GROUP, '-', '+', MOST)) do
      pending[p[1]] = true
      in_work = in_work + 1
    end
  end

  local looked, bytes, size = 0, 0, 1 -- the first shows how large they are
  local settled, found, foreign = 0, 0, 0
  local function is_foreign(names_and_values)
    local native = false
    for i = 1, #names_and_values, 2 do
      native = native or names_and_values[i] == 'hark'
      bytes = bytes + #names_and_values[i + 1]
    end
    return not native
  end
  local function walk(from, to, handed_out)
    while looked < MOST and bytes < MOST_BYTES do
      local page = redis.call('XRANGE', ready, from, to, 'COUNT', size)
      for _, entry in ipairs(page) do
        looked = looked + 1
        local stranger = is_foreign(entry[2])
        if handed_out and not pending[entry[1]] then
          settled = settled + 1
        else
          if handed_out then found = found + 1 end
          if stranger then foreign = foreign + 1 end
        end
      end
      if #page < size or page[#page][1] == LAST_ID then return true end
      from = '(' .. page[#page][1]
      size = math.max(1, math.min(500, size * 2, math.floor(1048576 * looked / math.max(1, bytes))))
    end
    return false
  end

  local delivered, reach = fields_of_group and fields_of_group['last-delivered-id'], 0
  if not delivered or walk('-', delivered, true) then
    reach = (delivered == LAST_ID or walk(delivered and '(' .. delivered or '-', '+', false)) and 2 or 1
  end
  -- What is in work but no longer in the stream will count as deleted, or as done, by itself.
  local function missing()
    local came = (counted.published or 0) + (counted.copies or 0) + foreign
    local went = (counted.done or 0) + (counted.deleted or 0) + (counted.dropped or 0)
    return came - went - redis.call('ZCARD', later) - redis.call('XLEN', dead)
      - (redis.call('XLEN', ready) - settled) - (in_work - found)
  end
  if reach == 2 and missing() < 0 then -- foreign entries without a body stay as they are when they are put off
    for _, id in ipairs(redis.call('ZRANGE', later, 0, MOST)) do
      if looked >= MOST or bytes >= MOST_BYTES then
        reach = 1
        break
      end
      local packed = redis.call('HGET', held, id)
      looked = looked + 1
      local legible, kept = pcall(cmsgpack.unpack, packed or '')
      if legible and type(kept) == 'table' and is_foreign(kept) then foreign = foreign + 1 end
    end
  end
  -- Where the group was lost, copies of entries of other programs count as published once more: as many are in doubt.
  local off, copies = missing(), counted.copies or 0
  if off > 0 and copies > 0 then
    if off <= copies then return 0, 0, settled end
    off = off - copies
    reach = math.min(reach, 1)
  end
  return off, reach, settled
end
