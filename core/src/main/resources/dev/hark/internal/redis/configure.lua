-- Sets what a program, or an operator, wants of a queue. What an operator has set, a program does not change.
--
-- KEYS: config
-- ARGV: who asks ('code' or 'operator'); then for each setting: name, value
-- Returns: {1 if set or the same already, 0 if the operator's stay}, {settings before as field, value …}
-- Bound: the settings that are given; others may be there.
-- Commands: config TYPE HMGET HSET

local config, by = KEYS[1], ARGV[1]

local bad = wrong(config, 'hash')
if bad then return bad end

local names = { 'by' }
for i = 2, #ARGV, 2 do names[#names + 1] = ARGV[i] end
local kept, before = {}, {}
for i, value in ipairs(redis.call('HMGET', config, unpack(names))) do
  if value then
    kept[names[i]] = value
    before[#before + 1], before[#before + 2] = names[i], value
  end
end
local same = true
for i = 2, #ARGV, 2 do same = same and kept[ARGV[i]] == ARGV[i + 1] end
if by == 'code' and kept.by == 'operator' then return { same and 1 or 0, before } end
if not same or kept.by ~= by then redis.call('HSET', config, 'by', by, unpack(ARGV, 2)) end
return { 1, before }
