package pack

import (
	"archive/tar"
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"encoding/json"
	"encoding/pem"
	"errors"
	"strings"
	"testing"

	"github.com/klauspost/compress/zstd"
)

var mail = map[string][]byte{}

func init() {
	for _, text := range []string{"Subject: one\n\nx", "Subject: two\n\ny"} {
		sum := sha256.Sum256([]byte(text))
		mail[MessageName(hex.EncodeToString(sum[:]))] = []byte(text)
	}
	mail[Observations] = []byte("{}\n")
}

func names() []string {
	list := []string{Observations}
	for n := range mail {
		if n != Observations {
			list = append(list, n)
		}
	}
	if list[1] > list[2] {
		list[1], list[2] = list[2], list[1]
	}
	return list
}

func read(name string) ([]byte, error) { return mail[name], nil }

func manifest() Manifest { return Manifest{Campaign: "c2", Name: "pills", Members: 2, Story: []Note{}} }

func written(t *testing.T, key ed25519.PrivateKey) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := Write(&b, manifest(), names(), read, key); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

var private = ed25519.NewKeyFromSeed(bytes.Repeat([]byte{7}, 32))

func TestRoundTrip(t *testing.T) {
	for _, key := range []ed25519.PrivateKey{nil, private} {
		p, err := Open(bytes.NewReader(written(t, key)))
		if err != nil {
			t.Fatal(err)
		}
		if p.Name != "pills" || p.Members != 2 || string(p.Observations) != "{}\n" || (p.Signer != nil) != (key != nil) {
			t.Errorf("%+v", p)
		}
		if key != nil && KeyName(p.Signer) != KeyName(key.Public().(ed25519.PublicKey)) {
			t.Error("another signer")
		}
		if !bytes.Equal(written(t, key), written(t, key)) {
			t.Error("the same evidence gives another pack")
		}
	}
}

// repacked is a pack with its members changed.
func repacked(t *testing.T, change func(name string, data []byte) (string, []byte)) []byte {
	t.Helper()
	z, err := zstd.NewReader(bytes.NewReader(written(t, private)))
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	in := tar.NewReader(z)
	var b bytes.Buffer
	w, err := zstd.NewWriter(&b)
	if err != nil {
		t.Fatal(err)
	}
	out := tar.NewWriter(w)
	for {
		h, err := in.Next()
		if err != nil {
			break
		}
		data, err := contents(in, h, 1<<20)
		if err != nil {
			t.Fatal(err)
		}
		name, data := change(h.Name, data)
		if name == "" {
			continue
		}
		if err := member(out, name, data); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(out.Close(), w.Close()); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestTamperingIsFound(t *testing.T) {
	first := names()[1]
	for what, c := range map[string]struct {
		change func(string, []byte) (string, []byte)
		says   string
	}{
		"a changed message": {func(n string, d []byte) (string, []byte) {
			if n == first {
				d = []byte("Subject: lie\n\nx")
			}
			return n, d
		}, "was changed"},
		"a message less": {func(n string, d []byte) (string, []byte) {
			if n == first {
				return "", nil
			}
			return n, d
		}, "not in its place"},
		"a changed manifest": {func(n string, d []byte) (string, []byte) {
			if n == manifestName {
				d = bytes.Replace(d, []byte("pills"), []byte("bills"), 1)
			}
			return n, d
		}, "not of this manifest"},
		"a way out": {func(n string, d []byte) (string, []byte) {
			if n == first {
				n = "../../etc/passwd"
			}
			return n, d
		}, "no plain file"},
		"a stranger": {func(n string, d []byte) (string, []byte) {
			if n == first {
				n = "other"
			}
			return n, d
		}, "not in the manifest"},
		"a newer form": {func(n string, d []byte) (string, []byte) {
			return n, bytes.Replace(d, []byte(`"spoor_pack": 1`), []byte(`"spoor_pack": 2`), 1)
		}, "install a newer"},
		"a name that no pack has": {func(n string, d []byte) (string, []byte) {
			return n, bytes.Replace(d, []byte(Observations), []byte("/etc/passwd"), 1)
		}, "which no pack holds"},
	} {
		if _, err := Open(bytes.NewReader(repacked(t, c.change))); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v", what, err)
		}
	}
	whole := written(t, nil)
	for _, n := range []int{0, 1, 10, len(whole) / 2, len(whole) - 1} {
		if _, err := Open(bytes.NewReader(whole[:n])); err == nil {
			t.Errorf("%d of %d bytes are taken for a pack", n, len(whole))
		}
	}
	if _, err := Open(strings.NewReader("From a@b.example\n\nmail")); !errors.Is(err, ErrNoPack) {
		t.Errorf("mail: %v", err)
	}
}

func TestReadKey(t *testing.T) {
	der, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	key, err := ReadKey(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}))
	if err != nil || !key.Equal(private) {
		t.Errorf("%v", err)
	}
	for _, text := range []string{"", "x", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"} {
		if _, err := ReadKey([]byte(text)); err == nil {
			t.Errorf("%q is taken for a key", text)
		}
	}
}

func FuzzOpen(f *testing.F) {
	text, err := json.Marshal(manifest())
	if err != nil {
		f.Fatal(err)
	}
	f.Add(text)
	f.Fuzz(func(t *testing.T, manifest []byte) {
		var b bytes.Buffer
		z, err := zstd.NewWriter(&b)
		if err != nil {
			t.Fatal(err)
		}
		out := tar.NewWriter(z)
		if err := errors.Join(member(out, manifestName, manifest), out.Close(), z.Close()); err != nil {
			t.Fatal(err)
		}
		if p, err := Open(&b); err == nil && len(p.Files) > 0 {
			t.Errorf("a pack without members has %d", len(p.Files))
		}
	})
}
