package maillog

import (
	"bytes"
	"encoding/binary"
)

// journalFirst begins each record of journalctl -o export: the cursor is written first.
const journalFirst = "__CURSOR="

// journal reads records of journalctl -o export: a field a line, and an empty line at the
// end. A value with other than printable characters follows its name, a line end and its
// length in eight bytes (systemd.io/JOURNAL_EXPORT_FORMATS).
//
// A record that is not whole yet is left for the next call of a growing file:
// its bytes do not count as read.
func (r *Reader) journal(in *lines, growing bool, yield func(Delivery, error) bool) error {
	start, first := r.file.Line, true
	done, count := in.bytes, in.count // of the whole records
	r.json.clear()
	for {
		line, whole, err := in.next()
		if whole {
			whole, err = r.journalField(in, line, err)
		}
		if end := len(line) == 0 && whole; end || err != nil && !growing {
			r.file.Line = start + count + 1
			r.record()
			done, count, first = in.bytes, in.count, true
			if len(r.t.out) > 0 && !r.hand(yield) {
				return errStopped
			}
		} else {
			first = false
		}
		if err != nil {
			if growing && !first {
				in.bytes, in.count = done, count
			}
			r.file.Line = start + in.count
			return err
		}
	}
}

// journalField takes a line of a record, and the value that follows if it is in binary.
func (r *Reader) journalField(in *lines, line []byte, err error) (whole bool, _ error) {
	if len(line) == 0 {
		return true, err
	}
	if key, value, ok := bytes.Cut(line, []byte("=")); ok {
		r.json.set(jsonField(key), value)
		return true, err
	}
	field := jsonField(line)
	size, err := in.take(8)
	if err != nil || len(size) < 8 {
		return false, err
	}
	value, err := in.take(binary.LittleEndian.Uint64(size))
	if err != nil {
		return false, err
	}
	r.json.set(field, value)
	_, err = in.take(1)
	return err == nil, err
}

// record reads the record whose fields were taken.
func (r *Reader) record() {
	defer r.json.clear()
	e, ok := r.json.whole(stamp{})
	if !ok {
		return
	}
	r.info.Lines++
	if e.stamp, ok = r.clock.dated(e.stamp); !ok {
		r.unknown(e.text, "no stamp: ")
		return
	}
	r.stamped(&e, e.text)
}
