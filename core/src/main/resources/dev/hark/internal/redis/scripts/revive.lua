-- Puts dead letters back into the stream, their attempts forgotten and their ledger kept.
--
-- KEYS: dead, ready, stats
-- ARGV: entries
-- Returns: {revived, looked}: how many existed, and how many of the entries were looked for; the rest is left
-- The first write is XDEL, which works when out of memory.
-- Bound: 1 MiB, and one letter more, however large: it has to be copied.
-- Uses: time, guard, stream, walk, message, put
-- Commands: dead TYPE XRANGE XDEL; ready TYPE XADD XDEL; stats TYPE HGET

local dead, ready, stats = KEYS[1], KEYS[2], KEYS[3]
local keys = { ready = ready }

local bad = newer(stats) or wrong(dead, 'stream') or wrong(ready, 'stream') or full(ready)
if bad then return bad end

local revived, looked, bytes = 0, 0, 1048576
for _, entry in ipairs(ARGV) do
  if bytes <= 0 then break end
  looked = looked + 1
  local m = read(dead, entry)
  if m then
    redis.call('XDEL', dead, entry)
    m.attempts, m.recoveries = 0, 0
    local f = fields(m)
    if f[#f - 1] == 'reason' then f[#f], f[#f - 1] = nil, nil end -- still there where an entry stays as it is
    put(keys, f)
    revived = revived + 1
    bytes = bytes - weight(f)
  end
end
return { revived, looked }
