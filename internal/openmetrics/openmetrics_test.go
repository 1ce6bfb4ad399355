package openmetrics

import (
	"strings"
	"testing"
)

func TestWrite(t *testing.T) {
	size := Family{Name: "store_size_bytes", Type: Gauge, Unit: "bytes", Help: "Size of the \"store\"\nin C:\\x."}
	size.Add(12_345_678_901)
	asked := Family{Name: "questions", Type: Counter, Help: "Questions."}
	asked.Add(3, "server", `a"b\`+"\n", "port", "43")
	asked.Add(0.5, "server", "c", "port", "44")
	var b strings.Builder
	if err := Write(&b, []Family{size, asked, {Name: "empty", Type: Gauge, Help: "Nothing."}}); err != nil {
		t.Fatal(err)
	}
	const want = `# TYPE store_size_bytes gauge
# UNIT store_size_bytes bytes
# HELP store_size_bytes Size of the \"store\"\nin C:\\x.
store_size_bytes 12345678901
# TYPE questions counter
# HELP questions Questions.
questions_total{server="a\"b\\\n",port="43"} 3
questions_total{server="c",port="44"} 0.5
# TYPE empty gauge
# HELP empty Nothing.
# EOF
`
	if b.String() != want {
		t.Errorf("%s", b.String())
	}
}
