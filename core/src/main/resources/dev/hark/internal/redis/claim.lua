-- Claims messages from several streams in the order given, up to a number in all.
--
-- KEYS: the ready streams, then the stats of each
-- ARGV: session, how many
-- Returns: for each stream that had some {its place, entries}; for each that cannot be read {its place, error}
-- Commands: ready XREADGROUP; stats TYPE HGET

local session, left = ARGV[1], tonumber(ARGV[2])
local out = {}
for place = 1, #KEYS / 2 do
  if left <= 0 then break end
  -- an error may not end the script: what was claimed before would be lost
  local got = newer(KEYS[#KEYS / 2 + place])
    or redis.pcall('XREADGROUP', 'GROUP', GROUP, session, 'COUNT', left, 'STREAMS', KEYS[place], '>')
  if got and got.err then
    out[#out + 1] = { place, got.err }
  elseif got then
    left = left - #got[1][2]
    out[#out + 1] = { place, got[1][2] }
  end
end
return out
