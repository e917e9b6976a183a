-- What is settled and still there. Needs time, stats, stream.

-- Every entry below this id has been handed out and settled.
local function floor(stream, fields)
  local first = redis.call('XPENDING', stream, GROUP, '-', '+', 1)[1]
  return first and first[1] or successor(fields['last-delivered-id'])
end

-- Removes what lies below the floor: cheaply whole nodes, or exactly when little is left.
local function trim(stream, stats, fields, exact)
  local id = floor(stream, fields)
  local gone = redis.call('XTRIM', stream, 'MINID', exact and '=' or '~', id)
  redis.call('HSET', stats, 'floor', id)
  if gone > 0 then count(stats, 'listed', -gone) end
  return gone
end

-- Leaves nothing that is settled of a queue in which nobody holds anything, else what is above the floor; in steps.
local function tidy(stream, stats, fields)
  local settled = listed(stats)
  if settled == 0 then return end
  local gone = 0
  if settled > 1000 then gone = trim(stream, stats, fields, false) end
  if gone > 0 and settled - gone > 1000 then return end
  trim(stream, stats, fields, true)
  -- nothing that was settled is left: what is still counted has been deleted by somebody else
  if fields.pending == 0 then redis.call('HSET', stats, 'listed', 0) end
end
