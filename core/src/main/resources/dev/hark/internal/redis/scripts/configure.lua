-- Sets what a program, or an operator, wants of a queue. Each setting has an owner: who set it last, but what an operator
-- has set a program does not change.
--
-- KEYS: config
-- ARGV: who asks ('code' or 'operator'), channel to tell of changes; then for each setting: name, value ('' to leave it)
-- Returns: {before, now}: the values, in the order given, nil where there is none
-- Bound: the settings that are given; others may be there.
-- Uses: guard
-- Commands: PUBLISH; config TYPE HMGET HSET

local config, by, wake = KEYS[1], ARGV[1], ARGV[2]

local bad = wrong(config, 'hash')
if bad then return bad end

local names = { 'by' } -- once all settings had one owner: it holds where a setting says none
for i = 3, #ARGV, 2 do names[#names + 1], names[#names + 2] = ARGV[i], 'by:' .. ARGV[i] end
local kept = {}
for i, value in ipairs(redis.call('HMGET', config, unpack(names))) do kept[names[i]] = value end

local before, after, changed = {}, {}, {}
for i = 3, #ARGV, 2 do
  local name, value, old = ARGV[i], ARGV[i + 1], kept[ARGV[i]]
  local owner = kept['by:' .. name] or old and kept.by
  before[#before + 1] = old
  if value == '' or by ~= 'operator' and owner == 'operator' then
    value = old
  elseif value ~= old or owner ~= by then
    local n = #changed
    changed[n + 1], changed[n + 2], changed[n + 3], changed[n + 4] = name, value, 'by:' .. name, by
  end
  after[#after + 1] = value
end
if #changed > 0 then
  redis.call('HSET', config, unpack(changed))
  redis.call('PUBLISH', wake, 'settings')
end
return { before, after }
