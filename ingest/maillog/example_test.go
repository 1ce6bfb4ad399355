package maillog_test

import (
	"fmt"
	"strings"
	"time"

	"spoor/ingest/maillog"
)

// A store reads files one after another, puts each Delivery where its Key says, and looks
// again once all are read. Book does that in memory.
func Example() {
	yesterday := `Mar 10 14:44:01 mx2 postfix/smtpd[7]: connect from unknown[192.0.2.31]
Mar 10 14:44:02 mx2 postfix/smtpd[7]: NOQUEUE: reject: RCPT from unknown[192.0.2.31]: 550 5.1.1 <usan@own.example>: Recipient address rejected: User unknown; from=<a@far.example> to=<usan@own.example> proto=SMTP helo=<144899528>
Mar 10 14:44:03 mx2 postfix/smtpd[7]: 8A1B2C3D4E: client=unknown[192.0.2.31]
`
	today := `Mar 10 14:44:04 mx2 postfix/qmgr[8]: 8A1B2C3D4E: from=<a@far.example>, size=900, nrcpt=1 (queue active)
Mar 10 14:44:05 mx2 postfix/lmtp[9]: 8A1B2C3D4E: to=<susan@own.example>, relay=own.example[private/lmtp], delay=1, delays=1/0/0/0, dsn=2.0.0, status=sent (250 2.0.0 saved)
`
	r := maillog.NewReader(maillog.Options{})
	var book maillog.Book
	for i, log := range []string{yesterday, today} {
		file := maillog.File{Name: fmt.Sprintf("mail.log.%d", 1-i), Modified: time.Date(2024, 3, 10, 20, 0, 0, 0, time.UTC)}
		for d, err := range r.Read(strings.NewReader(log), file) {
			if err != nil {
				fmt.Println(err)
				continue
			}
			book.Put(d)
		}
	}
	for d := range r.Rest() {
		book.Put(d)
	}
	for _, d := range book.All() {
		for _, to := range d.Recipients {
			fmt.Println(to.At.Format(time.TimeOnly), d.Client, d.Direction, to.Address, to.Verdict, to.Reason+maillog.Reason(to.Outcome))
		}
	}
	// Output:
	// 14:44:02 192.0.2.31 in usan@own.example refused unknown_user
	// 14:44:03 192.0.2.31 in susan@own.example accepted sent
}
