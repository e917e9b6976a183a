-- Puts dead letters back into the stream, their attempts forgotten and their ledger kept.
--
-- KEYS: dead, ready, stats
-- ARGV: entries
-- Returns: how many of them existed
-- The first write is XDEL, which works when out of memory.
-- Commands: dead TYPE XRANGE XDEL; ready TYPE EXISTS XINFO|STREAM XADD; stats TYPE HGET

local dead, ready, stats = KEYS[1], KEYS[2], KEYS[3]

local bad = newer(stats) or wrong(dead, 'stream') or wrong(ready, 'stream') or full(ready)
if bad then return bad end

local revived = 0
for _, entry in ipairs(ARGV) do
  local m = read(dead, entry)
  if m then
    redis.call('XDEL', dead, entry)
    m.attempts, m.recoveries = 0, 0
    local f = fields(m)
    if f[#f - 1] == 'reason' then f[#f], f[#f - 1] = nil, nil end -- still there where an entry stays as it is
    redis.call('XADD', ready, '*', unpack(f))
    revived = revived + 1
  end
end
return revived
