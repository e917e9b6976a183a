-- What an entry holds. Needs stream.

local MOST_HEAD, MOST_ID = 166, 128 -- characters

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
  local m = { entry = entry, fields = fields, meta = '', log = '', size = 0, id = entry, attempts = 0, recoveries = 0 }
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
