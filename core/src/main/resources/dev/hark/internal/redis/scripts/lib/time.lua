-- Redis's clock, and numbers as texts.

local MOST_DELAY = 3155760000000 -- 100 years in ms
local FAR = 9007199254740991 -- in ms: never, as far as numbers are exact

-- Milliseconds by Redis's clock. As a number: exact up to 2^53. Written with ms(), since '..' would round.
local function now()
  local t = redis.call('TIME')
  return t[1] * 1000 + math.floor(t[2] / 1000)
end

local function ms(number)
  return string.format('%.0f', number)
end
