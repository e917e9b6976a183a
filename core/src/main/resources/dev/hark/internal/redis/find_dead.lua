-- Looks for a dead letter by its message's id, a bounded number of entries at a time. Writes nothing.
--
-- KEYS: dead, stats
-- ARGV: message id, entry to look on from ('' for the first), how many
-- Returns: {1, entry} if found, {0, entry to look on from} if not yet, {0, ''} if there is none
-- Commands: dead TYPE XRANGE; stats TYPE HGET

local bad = newer(KEYS[2]) or wrong(KEYS[1], 'stream')
if bad then return bad end

local id, cursor, limit = ARGV[1], ARGV[2], tonumber(ARGV[3])
local page = redis.call('XRANGE', KEYS[1], cursor == '' and '-' or '(' .. cursor, '+', 'COUNT', limit)
for _, entry in ipairs(page) do
  if message(entry[1], entry[2]).id == id then return { 1, entry } end
end
return { 0, #page == limit and page[limit][1] or '' }
