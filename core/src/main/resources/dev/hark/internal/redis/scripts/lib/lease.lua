-- The leases of sessions. Needs time.

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
