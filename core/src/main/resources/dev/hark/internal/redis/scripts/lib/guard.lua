-- What is looked at before the first write: scripts are not rolled back.

local LAYOUT = 1 -- of what is kept of a queue; see docs/decisions/0016
local LAST_IDS = '^18446744073709551615%-1844674407370955%d%d%d%d$' -- fewer than 2,000 ids are left

-- An error if the key holds another type. Scripts are not rolled back, so this comes before the first write.
local function wrong(key, want)
  local is = redis.call('TYPE', key).ok
  if is ~= 'none' and is ~= want then
    return redis.error_reply('WRONGTYPE ' .. key .. ' holds a ' .. is .. ' where Hark keeps a ' .. want)
  end
end

-- An error if a newer Hark has raised the queue to a layout that is not known here, or if stats is no hash. Comes before
-- all else that is read of the queue, which may mean something else by now. A layout is a text such as v2: publishers
-- may count in stats, so that a plain number there is nobody's word, and counting cannot change a text.
local function newer(stats)
  local layout = redis.pcall('HGET', stats, 'layout')
  if type(layout) == 'table' then return wrong(stats, 'hash') or layout end
  if layout and not string.find(layout, '^%-?%d+$') then
    local known = string.match(layout, '^v(%d+)$')
    if not known or tonumber(known) > LAYOUT then
      return redis.error_reply('HARKLAYOUT ' .. stats .. ' says layout ' .. string.sub(known or layout, 1, 40) .. ', and '
        .. LAYOUT .. ' is the newest known here')
    end
  end
end

-- An error if nothing, or too little for a script, can be added to the stream: somebody has used one of its last ids.
-- Tells by an entry that is taken back at once: whoever asks for the last id is shown whole entries, of any size. Its
-- first write removes nothing, and works when out of memory, which is looked at then only. Only for what is added to
-- afterwards: else all who wait at the stream would be woken for nothing.
local function full(stream)
  redis.call('XDEL', stream, '0-0')
  local id = redis.pcall('XADD', stream, 'NOMKSTREAM', '*', 'hark', '')
  if not id then return nil end
  if type(id) == 'string' then
    redis.call('XDEL', stream, id)
    if not string.find(id, LAST_IDS) then return nil end
  elseif not string.find(id.err, 'ID', 1, true) then
    return id
  end
  return redis.error_reply('HARKFULL ' .. stream .. ' has an entry with one of the last possible ids, nothing can be added')
end
