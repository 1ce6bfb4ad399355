SELECT file, inode, byte_offset, lines, head
FROM log_positions
