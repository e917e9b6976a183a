-- The figures of a queue. Needs time.

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

-- The settled floor that is kept of the queue, or nil where others have written what is no id.
local function kept_floor(stats)
  local id = redis.call('HGET', stats, 'floor')
  local time, seq = string.match(id or '', '^(%d+)-(%d+)$')
  local function fits(number) return #number < 20 or #number == 20 and number <= '18446744073709551615' end
  return time and fits(time) and fits(seq) and id or nil
end
