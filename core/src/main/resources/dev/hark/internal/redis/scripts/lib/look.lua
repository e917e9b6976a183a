-- What is told of a queue. Needs time, lease.

-- All figures that are there, as field, value …: others may have added any number of fields.
local function figures(stats)
  local names = { 'published', 'done', 'retried', 'recovered', 'refused', 'deleted', 'dropped', 'copies', 'delayed',
    'listed', 'floor' }
  local flat = {}
  for i, value in ipairs(redis.call('HMGET', stats, unpack(names))) do
    if value then flat[#flat + 1], flat[#flat + 2] = names[i], value end
  end
  return flat
end

-- How many sessions have a lease: where nobody listens, nobody strikes off a dead one. Where the clock was turned back, and
-- nobody has swept since to move the leases along, nobody is known to listen.
local function listening(sessions, stats, time)
  if (seen(stats) or time) > time then return 0 end
  return redis.call('ZCOUNT', sessions, '(' .. ms(time), '+inf')
end
