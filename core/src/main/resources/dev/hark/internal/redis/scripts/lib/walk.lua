-- Entries, one at a time and within bounds. Needs time, stream.

local LAST_ID = '18446744073709551615-18446744073709551615' -- nothing can be asked for after it

-- What an entry costs to read or to write, in bytes: each name and value costs as much as 160 of them. One with very many
-- costs more than any call may take.
local function weight(fields)
  if #fields > MOST_FIELDS then return FAR end
  local sum = 160 * #fields
  for i = 1, #fields do sum = sum + #fields[i] end
  return sum
end

-- Reads entries one at a time, as nobody knows how large the next one is; until there are no more, each() says that it is
-- enough, or the budget of entries and bytes is used up. Returns the last one's id, or nil if there are no more.
local function walk(stream, from, to, budget, each)
  local last = nil
  while budget.entries > 0 and budget.bytes > 0 do
    local entry = redis.call('XRANGE', stream, from, to, 'COUNT', 1)[1]
    if not entry then return nil end
    last = entry[1]
    budget.entries = budget.entries - 1
    budget.bytes = budget.bytes - weight(entry[2])
    if each(entry) then return last end
    if last == LAST_ID then return nil end
    from = '(' .. last
  end
  return last
end
