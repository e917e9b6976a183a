-- Claims messages from several streams in the order given, up to a number in all.
-- Who finds nothing waits in a second group, `wait`, which hands each entry to one of those who wait: that one wakes, and
-- claims here. What was claimed meanwhile by others stands in front of it there, and would wake it for nothing: so a
-- stream of which it was told and that has nothing is skipped to its end. One that it cannot claim, since it has enough, is
-- set back to where claiming stands, and who waits for it is woken.
--
-- KEYS: the ready streams, then the stats of each
-- ARGV: session, how many; then the places of the streams of which it was told
-- Returns: for each stream that had some, or cannot be read, {place, found}: entries, or the error
-- Bound: as many messages as are asked for, or 1 MiB of them and at most eight more, however large: nobody knows how large
-- the next ones are, so they are read in small steps. What is left is claimed the next time.
-- Uses: time, guard, stream
-- Commands: ready XREADGROUP XINFO|GROUPS EXISTS XGROUP|CREATE XGROUP|SETID XADD XDEL; stats TYPE HGET

local session, left = ARGV[1], tonumber(ARGV[2])
local told = {}
for i = 3, #ARGV do told[tonumber(ARGV[i])] = true end

local function skip(ready)
  if redis.pcall('XGROUP', 'SETID', ready, 'wait', '$').err then redis.pcall('XGROUP', 'CREATE', ready, 'wait', '$') end
end

-- An entry that is gone again lets Redis look once more who waits.
local function pass_on(ready)
  local fields_of_group = group(ready)
  if not fields_of_group then return end
  if redis.pcall('XGROUP', 'SETID', ready, 'wait', fields_of_group['last-delivered-id']).err then return end
  local id = redis.pcall('XADD', ready, '*', 'hark', '1', 'body', '')
  if type(id) == 'string' then redis.call('XDEL', ready, id) end
end

local AT_ONCE = 8
local bytes, step = 1048576, 1

local function bytes_of(entries)
  local sum = 0
  for _, entry in ipairs(entries) do
    for _, value in ipairs(entry[2] or {}) do sum = sum + #value end
  end
  return sum
end

-- An error may not end the script: what was claimed before would be lost.
local function claim(ready)
  local all = {}
  repeat
    local most = math.min(left, step)
    local got = redis.pcall('XREADGROUP', 'GROUP', GROUP, session, 'COUNT', most, 'STREAMS', ready, '>')
    if got and got.err then return #all > 0 and all or got end
    local entries = got and got[1][2] or {}
    for _, entry in ipairs(entries) do all[#all + 1] = entry end
    left, bytes, step = left - #entries, bytes - bytes_of(entries), math.min(AT_ONCE, step * 2)
  until #entries < most or left <= 0 or bytes <= 0
  return all
end

local out = {}
for place = 1, #KEYS / 2 do
  local ready = KEYS[place]
  if left > 0 and bytes > 0 then
    local got = newer(KEYS[#KEYS / 2 + place]) or claim(ready)
    if got.err then
      out[#out + 1] = { place, got.err }
    elseif got[1] then
      out[#out + 1] = { place, got }
    elseif told[place] then
      skip(ready)
    end
  elseif told[place] then
    pass_on(ready)
  end
end
return out
