-- Looks for a dead letter by its message's id, a bounded number of entries at a time. Writes nothing.
--
-- KEYS: dead, stats
-- ARGV: message id, entry to look on from ('' for the first), how many
-- Returns: {found, entry, cursor}: 1 and the entry; else 0, nothing, and the entry to look on from ('' if there is none)
-- Bound: as many letters, or 4 MiB, and one letter more, however large.
-- Uses: time, guard, stream, walk, message
-- Commands: dead TYPE XRANGE; stats TYPE HGET

local bad = newer(KEYS[2]) or wrong(KEYS[1], 'stream')
if bad then return bad end

local id, cursor, found = ARGV[1], ARGV[2], nil
local budget = { entries = tonumber(ARGV[3]), bytes = 4194304 }
local last = walk(KEYS[1], cursor == '' and '-' or '(' .. cursor, '+', budget, function(entry)
  if message(entry[1], entry[2]).id == id then found = entry end
  return found
end)
if found then return { 1, found, '' } end
return { 0, {}, last or '' }
