package evidence

import "testing"

func TestForms(t *testing.T) {
	for in, want := range map[string]string{"": "", "abc": "abc", "a1b22c333": "a0b0c0", "000": "0", "x0y": "x0y", "９": "９", "2024-01-02": "0-0-0"} {
		if got := numberForm(in); got != want {
			t.Errorf("numberForm(%q) = %q, want %q", in, got, want)
		}
	}
	for in, want := range map[string]string{
		"": "", "ab12": "a292", "ab12cd": "a292a2", "ABC-123": "A8-93", "a.b": "a2.a2", "12345678901234567": "9n", "abcdefghi": "a16", "é": "a2",
	} {
		if got := shape(in); got != want {
			t.Errorf("shape(%q) = %q, want %q", in, got, want)
		}
	}
	// Addresses made by one program have one shape, those of another program
	// another.
	if shape("glenn48211") != shape("maria90077") || shape("glenn48211") == shape("glenn4821") {
		t.Error("shapes of numbers")
	}
	if !isAlpha('a') || !isAlpha('Z') || isAlpha('[') || isAlpha('@') || isAlpha('{') || isAlpha('`') || isAlpha('1') {
		t.Error("letters")
	}
}
