-- How messages leave their places, and what that counts: the table in ARCHITECTURE.md. By the ways done and dropped a
-- message ends; by moved, retried, recovered and buried it comes to another place. Needs stats.

local LARGE = 1024 -- bytes of an entry that is deleted once it is settled; smaller ones are trimmed, which costs less
local tallied = {} -- by figure, until it is written
local gone = {} -- entries that are settled and stay until they are trimmed

local function tally(figure, by)
  if by > 0 then tallied[figure] = (tallied[figure] or 0) + by end
end

-- Writes what was tallied. Returns what `listed` comes to, if it was tallied and can be counted on.
local function write_tally(stats)
  local listed
  for figure, by in pairs(tallied) do
    local sum = count(stats, figure, by)
    if figure == 'listed' then listed = sum end
  end
  return listed
end

-- A message leaves ready: it has been acknowledged, or is dropped while it waits. One of another program counts as published
-- with its first way out; what is no message, and stays as it is when it moves, does so when it is buried or dropped.
local function leave(keys, m, how)
  if how ~= 'moved' and how ~= 'buried' then tally(how, 1) end
  if m.foreign and (not m.malformed or how == 'buried' or how == 'dropped') then tally('published', 1) end
  if m.size < LARGE and how ~= 'dropped' then
    tally('listed', 1)
    gone[#gone + 1] = m.entry
  else
    redis.call('XDEL', keys.ready, m.entry)
  end
end

-- What is kept until it is due leaves; deleted, if somebody has removed what belongs to its name.
local function leave_later(keys, name, how)
  if how ~= 'moved' then tally(how, 1) end
  redis.call('ZREM', keys.later, name)
  redis.call('HDEL', keys.held, name)
end
