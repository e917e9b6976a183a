-- The places to which a message comes. A script moves messages only to those of which it has the keys, and may call no more
-- than that takes: so each has a function of its own. keys are those of the queue, by name. Needs time, message.

-- A message, by the fields of its entry, comes to where it is claimed.
local function put(keys, fields)
  redis.call('XADD', keys.ready, '*', unpack(fields))
end

-- Keeps a message until it is due. Its id may be taken, by a copy that a lost group or a rollback made, or by a forged
-- one: then it gets something after it that nobody else can know. Should that be taken too, the message comes early.
local function hold(keys, m, due, unique)
  local id, f = m.id, fields(m)
  local packed = cmsgpack.pack(f)
  if redis.call('HSETNX', keys.held, id, packed) == 0 then
    id = id .. '~' .. unique
    if redis.call('HSETNX', keys.held, id, packed) == 0 then return put(keys, f) end
  end
  redis.call('ZADD', keys.later, ms(due), id)
end

-- A message, by the fields of its entry, becomes a dead letter.
local function bury(keys, fields, reason)
  fields[#fields + 1], fields[#fields + 2] = 'reason', reason
  redis.call('XADD', keys.dead, '*', unpack(fields))
end
