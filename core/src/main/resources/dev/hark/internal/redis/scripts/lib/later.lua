-- What is kept until it is due. Needs time, stream.

local MOST_NAME = 300 -- characters of a name in later: a message's id, and what makes it unique where it was taken

-- The fields that hold() packed, or nil if somebody else has packed something else: read by hand, as unpacking makes
-- whatever it is told to, however large.
local function unpacked(packed)
  local kind, at, n = string.byte(packed, 1), 2, nil
  local function number(bytes)
    local sum = 0
    for i = at, at + bytes - 1 do sum = sum * 256 + (string.byte(packed, i) or FAR) end
    at = at + bytes
    return sum
  end
  if not kind then return nil end
  if kind >= 144 and kind <= 159 then n = kind - 144 elseif kind == 220 then n = number(2) elseif kind == 221 then n = number(4) end
  if not n or n == 0 or n % 2 == 1 or n > MOST_FIELDS then return nil end
  local list = {}
  for i = 1, n do
    local length
    kind = string.byte(packed, at) or 0
    at = at + 1
    if kind >= 160 and kind <= 191 then length = kind - 160
    elseif kind >= 217 and kind <= 219 then length = number(2 ^ (kind - 217))
    else return nil end
    if at + length - 1 > #packed then return nil end
    list[i] = string.sub(packed, at, at + length - 1)
    at = at + length
  end
  return at == #packed + 1 and list or nil
end

-- Whether what is first in later is to be moved: it is due, or has a name that nobody gives. Names of strangers may be of any
-- length, and would be copied with each look.
local function movable(first, time)
  return first[1] and (tonumber(first[2]) <= time or #first[1] > MOST_NAME)
end

-- How long until the first is to be moved: -1 for never. Others may have given it any time.
local function wait(later, time)
  local first = redis.call('ZRANGE', later, 0, 0, 'WITHSCORES')
  if not first[2] then return -1 end
  return movable(first, time) and 0 or math.min(MOST_DELAY, tonumber(first[2]) - time)
end
