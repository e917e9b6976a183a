-- Attempts and the ledger of a message. Needs time.

local LOG_BYTES = 8192 -- an attempt ledger longer than this loses its oldest lines
local MOST_COUNTED = 999999999 -- attempts and recoveries are counted no further: more digits are no envelope

-- Counts an attempt.
local function attempted(m)
  m.attempts = math.min(MOST_COUNTED, m.attempts + 1)
end

-- Notes the end of the attempt that is under way in the message's ledger, whose oldest lines go where it is too long: found
-- with one look.
local function note(m, time, session, what)
  local line = ms(time) .. ' ' .. ms(math.min(MOST_COUNTED, m.attempts + 1)) .. ' ' .. session .. ' ' .. what
  local over = #m.log + 1 + #line - LOG_BYTES
  if m.log == '' then
    m.log = line
  elseif over <= 0 then
    m.log = m.log .. '\n' .. line
  else
    local cut = over <= #m.log and string.find(m.log, '\n', over, true)
    m.log = cut and string.sub(m.log, cut + 1) .. '\n' .. line or line
  end
end
