-- A page of dead letters. Writes nothing.
--
-- KEYS: dead, stats
-- ARGV: position to begin at ('-' for the first, '(' before one to begin after it), last position ('+' for all), how many
-- Returns: {entries, cursor}: the position to go on after, or '' if there are no more
-- Bound: as many letters, or 1 MiB, and one letter more, however large.
-- Uses: time, guard, stream, walk
-- Commands: dead TYPE XRANGE; stats TYPE HGET

local bad = newer(KEYS[2]) or wrong(KEYS[1], 'stream')
if bad then return bad end

local page, budget = {}, { entries = tonumber(ARGV[3]), bytes = 1048576 }
local last = walk(KEYS[1], ARGV[1], ARGV[2], budget, function(entry) page[#page + 1] = entry end)
return { page, last or '' }
