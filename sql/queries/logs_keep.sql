-- Stores the read position of the file $1.
INSERT INTO log_positions (file, inode, byte_offset, lines, head)
VALUES ($1, $2, $3, $4, $5)
    ON CONFLICT (file) DO UPDATE SET inode = excluded.inode, byte_offset = excluded.byte_offset, lines = excluded.lines, head = excluded.head
