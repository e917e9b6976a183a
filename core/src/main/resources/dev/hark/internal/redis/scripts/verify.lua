-- Says which entries are not pending for this session. Asked where the server is another than the one on which the session
-- claimed: after a rollback it may have given their ids to other messages. Writes nothing.
--
-- KEYS: ready
-- ARGV: session, entries
-- Returns: the entries that are somebody else's, or nobody's
-- Bound: as many entries as are asked for, of which none is read.
-- Uses: time, guard, stream
-- Commands: ready TYPE EXISTS XINFO|GROUPS XPENDING

local bad = wrong(KEYS[1], 'stream')
if bad then return bad end

local fields_of_group, others = group(KEYS[1]), {}
for i = 2, #ARGV do
  if not (fields_of_group and redis.call('XPENDING', KEYS[1], GROUP, ARGV[i], ARGV[i], 1, ARGV[1])[1]) then
    others[#others + 1] = ARGV[i]
  end
end
return others
