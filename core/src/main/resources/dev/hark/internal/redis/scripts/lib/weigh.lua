-- Whether messages are missing. Needs time, stream, walk, later.

-- All messages that came in against all that are somewhere. By the counters alone this is off where entries of other
-- programs wait, which do not count as published yet, or where somebody has deleted settled entries or some that are in
-- work: so the entries are read, up to a bound. Returns how many messages are missing, below zero how many there are too
-- many; how far it looked (0 means nothing, 1 what was handed out, 2 everything); how many entries are settled.
local function weigh(ready, later, held, dead, stats)
  local budget = { entries = 1500, bytes = 4194304 }
  local names, counted = { 'published', 'copies', 'done', 'deleted', 'dropped', 'floor' }, {}
  local figures = redis.call('HMGET', stats, unpack(names))
  for i, name in ipairs(names) do counted[name] = tonumber(string.match(figures[i] or '', '^%-?%d+$') or 0) end
  local fields_of_group = group(ready)
  if fields_of_group and fields_of_group.pending > budget.entries then return 0, 0, 0 end
  if not fields_of_group and figures[#names] then return 0, 0, 0 end

  local pending, in_work = {}, 0
  if fields_of_group then
    for _, p in ipairs(redis.call('XPENDING', ready, GROUP, '-', '+', budget.entries)) do
      pending[p[1]] = true
      in_work = in_work + 1
    end
  end

  local settled, found, foreign = 0, 0, 0
  local function is_foreign(names_and_values)
    for i = 1, #names_and_values, 2 do
      if names_and_values[i] == 'hark' then return false end
    end
    return true
  end
  local function look(entry, handed_out)
    if handed_out and not pending[entry[1]] then
      settled = settled + 1
    else
      if handed_out then found = found + 1 end
      if is_foreign(entry[2]) then foreign = foreign + 1 end
    end
  end

  local delivered, reach = fields_of_group and fields_of_group['last-delivered-id'], 0
  if not delivered or not walk(ready, '-', delivered, budget, function(entry) look(entry, true) end) then
    local from = delivered and '(' .. delivered or '-'
    local done = delivered == LAST_ID or not walk(ready, from, '+', budget, function(entry) look(entry, false) end)
    reach = done and 2 or 1
  end
  -- What is in work but no longer in the stream will count as deleted, or as done, by itself.
  local function missing()
    local came = counted.published + counted.copies + foreign
    local went = counted.done + counted.deleted + counted.dropped
    return came - went - redis.call('ZCARD', later) - redis.call('XLEN', dead)
      - (redis.call('XLEN', ready) - settled) - (in_work - found)
  end
  if reach == 2 and missing() < 0 then -- foreign entries without a body stay as they are when they are put off
    local n = redis.call('ZCARD', later)
    for place = 0, n - 1 do
      if budget.entries <= 0 or budget.bytes <= 0 then
        reach = 1
        break
      end
      local id = redis.call('ZRANGE', later, place, place)[1]
      local kept = redis.call('HGET', held, id) or ''
      local list = unpacked(kept)
      budget.entries = budget.entries - 1
      budget.bytes = budget.bytes - #id - #kept - (list and weight(list) or 0)
      if list and is_foreign(list) then foreign = foreign + 1 end
    end
  end
  -- Where the group was lost, copies of entries of other programs count as published once more: as many are in doubt.
  local off, copies = missing(), counted.copies
  if off > 0 and copies > 0 then
    if off <= copies then return 0, 0, settled end
    off = off - copies
    reach = math.min(reach, 1)
  end
  return math.max(-FAR, math.min(FAR, off)), reach, settled
end
