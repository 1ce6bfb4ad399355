package tnef

import "encoding/binary"

// preset is the dictionary that the compression assumes at the start of every
// text ([MS-OXRTFCP] section 2.1.2.1).
const preset = "{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript \\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx"

// Types of the compressed RTF header, and the size of the dictionary in bytes.
const (
	compressed   = 0x75465A4C // "LZFu"
	uncompressed = 0x414C454D // "MELA"
	window       = 4096
)

// decompress reverses the compression of RTF ([MS-OXRTFCP] section 3.1), whose
// references point into a window of 4096 bytes. It returns nil if b is not
// compressed RTF.
func decompress(b []byte) []byte {
	if len(b) < 16 {
		return nil
	}
	size, kind := min(binary.LittleEndian.Uint32(b[4:]), maxRTF), binary.LittleEndian.Uint32(b[8:])
	b = b[16:]
	switch kind {
	case uncompressed:
		return b[:min(uint32(len(b)), size)]
	case compressed:
	default:
		return nil
	}
	var dictionary [window]byte
	at := copy(dictionary[:], preset)
	var out []byte
	put := func(c byte) {
		dictionary[at] = c
		at = (at + 1) % window
		out = append(out, c)
	}
	for len(b) > 0 {
		flags := b[0]
		b = b[1:]
		for bit := range 8 {
			if uint32(len(out)) >= size {
				return out
			}
			if flags>>bit&1 == 0 {
				if len(b) == 0 {
					return out
				}
				put(b[0])
				b = b[1:]
				continue
			}
			if len(b) < 2 {
				return out
			}
			ref := binary.BigEndian.Uint16(b)
			b = b[2:]
			offset, length := int(ref>>4), int(ref&0xF)+2
			if offset == at {
				return out // a reference to the write position marks the end
			}
			for k := range length {
				put(dictionary[(offset+k)%window])
			}
		}
	}
	return out
}
