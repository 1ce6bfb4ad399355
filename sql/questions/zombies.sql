-- Which senders are probably machines that somebody took over?
-- bits integer 3: odds in bits: 3 is 8 to 1
SELECT h.sender, h.mails, h.refused, h.helo_class, h.zombie_bits, h.zombie_reasons
  FROM senders_v h
 WHERE h.zombie_bits >= :bits
 ORDER BY h.mails DESC, h.sender
 LIMIT 50
