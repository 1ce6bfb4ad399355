package received

import "testing"

func TestPriorityOfAnExchanger(t *testing.T) {
	var own Own
	for _, s := range []string{"mx1.example.com=10", " MX*.Backup.example.com = 20"} {
		x, err := ParseMX(s)
		if err != nil {
			t.Fatal(err)
		}
		own.MX = append(own.MX, x)
	}
	for name, want := range map[string]int{
		"mx1.example.com": 10, "MX1.example.com.": 10, "mx7.backup.example.com": 20,
		"mx2.example.com": -1, "": -1,
	} {
		if got := own.Priority(name); got != want {
			t.Errorf("Priority(%q) = %d, want %d", name, got, want)
		}
	}
	for _, s := range []string{"", "mx1.example.com", "=10", "mx1=", "mx1=-1", "mx1=70000", "mx1=ten"} {
		if x, err := ParseMX(s); err == nil {
			t.Errorf("ParseMX(%q) = %v, want an error", s, x)
		}
	}
}
