-- Read position of each followed file.
SELECT file, inode, byte_offset, lines, head
FROM log_positions
