-- The stream ready and its group, and how entries are read. Needs time.

local GROUP = 'hark'
local MOST_FIELDS = 4000 -- names and values of an entry that is kept verbatim: unpack fails near 8,000

-- The queue's group as a table of its fields, or nil if the stream or the group is missing.
local function group(stream)
  if redis.call('EXISTS', stream) == 0 then return nil end
  for _, flat in ipairs(redis.call('XINFO', 'GROUPS', stream)) do
    local fields = {}
    for i = 1, #flat, 2 do fields[flat[i]] = flat[i + 1] end
    if fields.name == GROUP then return fields end
  end
end

-- The id right after this one, or this one where the number is too long to count on.
local function successor(id)
  local time, seq = string.match(id, '^(%d+)-(%d+)$')
  if #seq > 15 then return id end
  return time .. '-' .. ms(seq + 1)
end
