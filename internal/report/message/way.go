package message

import (
	"fmt"
	"strings"

	"spoor/internal/printable"
	"spoor/internal/report/wording"
	"spoor/sql/store/messages"
)

// printHops prints the hops of the message, newest first, with the trust
// boundary between our own servers' fields and the sender's claims.
func (s *letter) printHops() error {
	title := "Way, newest hop first"
	if len(s.Hops) == 0 {
		title = "Way: it bears no Received field"
	}
	if err := s.title(title); err != nil {
		return err
	}
	if s.Boundary < 0 && len(s.Hops) > 0 {
		if err := s.boundary("no hop is known to be our own: all below is claimed"); err != nil {
			return err
		}
	}
	for i := range s.Hops {
		h := &s.Hops[i]
		if err := s.printHop(h); err != nil {
			return err
		}
		if h.N != s.Boundary {
			continue
		}
		text := "above: our own servers"
		switch below := i+1 < len(s.Hops); {
		case below && s.Sender != nil:
			text += "; below: claims of the sender " + s.Sender.String()
		case below:
			text += "; below: claims"
		case s.Sender != nil:
			text += "; the sender is " + s.Sender.String()
		}
		if err := s.boundary(text); err != nil {
			return err
		}
	}
	return s.printAnomalies(-1)
}

// boundary draws a line across the screen: fields below it are the sender's
// claims.
func (s *letter) boundary(text string) error {
	rule := "══"
	if s.env.ASCII() {
		rule = "=="
	}
	room := s.env.Columns() - 2
	text = printable.Cut(rule+" "+text+" ", room)
	if w := room - printable.Width(text); w > 0 {
		text += strings.Repeat(rule[:len(rule)/2], w)
	}
	return s.env.Printf("  %s\n", s.env.Bold(text))
}

// printHop prints one hop, with its text if all is shown, and its anomalies.
func (s *letter) printHop(h *messages.Hop) error {
	if err := s.lines(fmt.Sprintf("  %2d  %-20s  ", h.N, wording.HopTime(h)), hopWords(h), 0); err != nil {
		return err
	}
	if s.all {
		if err := s.lines("      ", h.Raw, 0); err != nil {
			return err
		}
	}
	return s.printAnomalies(h.N)
}

// hopWords describes the client and server of a hop.
func hopWords(h *messages.Hop) string {
	text := "by " + wording.HopServer(h)
	var from []string
	if h.Address != nil {
		from = append(from, h.Address.String())
	}
	if h.ReverseName != "" {
		from = append(from, h.ReverseName)
	}
	if h.HELO != "" {
		from = append(from, "HELO "+h.HELO)
	}
	if len(from) > 0 {
		text += " from " + strings.Join(from, ", ")
	}
	if more := wording.HopDetails(h); more != "" {
		text += "; " + more
	}
	return text
}

// printAnomalies prints the anomalies of a hop; -1 is the message as a whole.
func (s *letter) printAnomalies(hop int) error {
	for _, a := range s.Anomalies {
		if a.Hop != hop {
			continue
		}
		begin := "      ! "
		if hop < 0 {
			begin = "  ! "
		}
		if err := s.lines(begin, a.Reason, 0); err != nil {
			return err
		}
		if a.Evidence != "" {
			begin = strings.Repeat(" ", len(begin))
			if err := s.env.Printf("%s%s\n", begin, s.env.Cut(a.Evidence, s.env.Columns()-len(begin))); err != nil {
				return err
			}
		}
	}
	return nil
}
