// Package pack defines the file in which evidence of one campaign is passed
// from one installation to another: a tar in zstd with the original messages,
// the answers of registries, the figures with the SQL that produced them, and a
// manifest with all hashes, which may be signed.
//
// The same evidence gives the same bytes. A pack is untrusted input: every size
// is limited, every name is checked, and nothing is written to a path from it.
// Messages are at the top level for any archive program; everything else is
// below ".spoor", which readers of mail skip.
package pack

import (
	"archive/tar"
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/klauspost/compress/zstd"
)

// Names of the members.
const (
	manifestName  = ".spoor/manifest.json"
	signatureName = ".spoor/manifest.sig"

	Observations = ".spoor/observations.jsonl"
	Figures      = ".spoor/campaign.jsonl"
	Queries      = ".spoor/queries.sql"
	messages     = "messages/"
)

// MessageName is the member with the message of a hash.
func MessageName(sha256 string) string { return messages + sha256 + ".eml" }

// Limits of a pack, in bytes or members.
const (
	maxManifest = 64 << 20
	maxMember   = 256 << 20
	maxMembers  = 1 << 20
	maxWindow   = 64 << 20
)

// version of the format. A reader refuses newer ones.
const version = 1

// Manifest describes the content of a pack.
type Manifest struct {
	Version  int       `json:"spoor_pack"`
	Campaign string    `json:"campaign"` // id in the sender's store
	Key      string    `json:"first_message_sha256"`
	Name     string    `json:"name"`
	Story    []Note    `json:"story"`
	AsOf     time.Time `json:"as_of"`
	Own      Own       `json:"own_servers"`
	Members  int       `json:"messages"`
	Missing  int       `json:"messages_not_kept"` // messages of which only facts are known
	Files    []File    `json:"files"`
}

// Note is a remark about the campaign.
type Note struct {
	At   time.Time `json:"at"`
	By   string    `json:"by"`
	Text string    `json:"text"`
}

// Own lists the servers that the sender took for its own. The same messages
// give the same facts only if the receiver believes the same hops.
type Own struct {
	Names    []string `json:"names"`
	Networks []string `json:"networks"`
	MX       []string `json:"mx"` // NAME=PRIORITY
	Inferred bool     `json:"inferred"`
}

// File is a member with its hash.
type File struct {
	Name   string `json:"name"`
	SHA256 string `json:"sha256"`
	Size   int64  `json:"size"`
}

// Write writes a pack of the named members. It calls read twice for each. A nil
// key leaves the pack unsigned.
func Write(w io.Writer, m Manifest, names []string, read func(name string) ([]byte, error), key ed25519.PrivateKey) error {
	m.Version, m.Files = version, make([]File, 0, len(names))
	for _, name := range names {
		data, err := read(name)
		if err != nil {
			return err
		}
		sum := sha256.Sum256(data)
		m.Files = append(m.Files, File{name, hex.EncodeToString(sum[:]), int64(len(data))})
	}
	text, err := json.MarshalIndent(m, "", " ")
	if err != nil {
		return err
	}
	z, err := zstd.NewWriter(w, zstd.WithEncoderConcurrency(1))
	if err != nil {
		return err
	}
	t := tar.NewWriter(z)
	if err := member(t, manifestName, text); err != nil {
		return err
	}
	if key != nil {
		if err := member(t, signatureName, append(key.Public().(ed25519.PublicKey), ed25519.Sign(key, text)...)); err != nil {
			return err
		}
	}
	for i, name := range names {
		data, err := read(name)
		if err != nil {
			return err
		}
		if sum := sha256.Sum256(data); hex.EncodeToString(sum[:]) != m.Files[i].SHA256 {
			return fmt.Errorf("%s changed while the pack was written", name)
		}
		if err := member(t, name, data); err != nil {
			return err
		}
	}
	return errors.Join(t.Close(), z.Close())
}

// member writes a member without data of this machine: no time, owner or mode.
func member(t *tar.Writer, name string, data []byte) error {
	if err := t.WriteHeader(&tar.Header{Name: name, Size: int64(len(data)), Mode: 0o644, Format: tar.FormatPAX}); err != nil {
		return err
	}
	_, err := t.Write(data)
	return err
}

// ErrNoPack reports that the bytes are not a pack; they may still be mail.
var ErrNoPack = errors.New("not a pack")

// Pack is a pack that was read completely and agrees with its manifest.
type Pack struct {
	Manifest
	Signer       ed25519.PublicKey // nil if it is not signed
	Observations []byte
}

// Open reads a pack and verifies it: each member is listed in the manifest, in
// order and with its hash, and the signature belongs to the key beside it. The
// caller must decide whether to trust that key.
func Open(r io.Reader) (*Pack, error) {
	z, err := zstd.NewReader(r, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(maxWindow))
	if err != nil {
		return nil, ErrNoPack
	}
	defer z.Close()
	t := tar.NewReader(z)
	h, err := t.Next()
	if err != nil || h.Name != manifestName {
		return nil, ErrNoPack
	}
	text, err := contents(t, h, maxManifest)
	if err != nil {
		return nil, err
	}
	p := &Pack{}
	if err := json.Unmarshal(text, &p.Manifest); err != nil {
		return nil, fmt.Errorf("the manifest cannot be read: %w", err)
	}
	if err := p.sound(); err != nil {
		return nil, err
	}
	return p, p.check(t, text)
}

// sound checks the manifest by itself.
func (p *Pack) sound() error {
	switch {
	case p.Version > version:
		return fmt.Errorf("the pack has form %d; this program knows %d: install a newer one", p.Version, version)
	case p.Version < 1:
		return errors.New("the manifest has no version")
	case len(p.Files) > maxMembers:
		return fmt.Errorf("the pack has more than %d members", maxMembers)
	}
	met := make(map[string]bool, len(p.Files))
	count := 0
	for _, f := range p.Files {
		message := f.Name == MessageName(f.SHA256)
		if !message && f.Name != Observations && f.Name != Figures && f.Name != Queries || met[f.Name] {
			return fmt.Errorf("the manifest names %.80q, which no pack holds", f.Name)
		}
		if message {
			count++
		}
		met[f.Name] = true
	}
	if count+p.Missing != p.Members {
		return fmt.Errorf("the manifest tells of %d messages and lists %d", p.Members, count+p.Missing)
	}
	return nil
}

// check reads and verifies the remaining members.
func (p *Pack) check(t *tar.Reader, manifest []byte) error {
	next := 0
	for {
		h, err := t.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return fmt.Errorf("the pack breaks off: %w", err)
		}
		data, err := contents(t, h, maxMember)
		if err != nil {
			return err
		}
		if h.Name == signatureName && next == 0 && p.Signer == nil {
			if err := p.verify(manifest, data); err != nil {
				return err
			}
			continue
		}
		if next == len(p.Files) || h.Name != p.Files[next].Name {
			return fmt.Errorf("%.80q is not in the manifest, or not in its place", h.Name)
		}
		if sum := sha256.Sum256(data); hex.EncodeToString(sum[:]) != p.Files[next].SHA256 || int64(len(data)) != p.Files[next].Size {
			return fmt.Errorf("%s was changed since the pack was made", h.Name)
		}
		if h.Name == Observations {
			p.Observations = data
		}
		next++
	}
	if next < len(p.Files) {
		return fmt.Errorf("the pack breaks off before %s", p.Files[next].Name)
	}
	return nil
}

// verify checks the signature: an Ed25519 public key and the signature by it.
// That the key is the right one only the reader can tell, by its name.
func (p *Pack) verify(manifest, signature []byte) error {
	if len(signature) != ed25519.PublicKeySize+ed25519.SignatureSize {
		return errors.New("the signature has the wrong length")
	}
	key := ed25519.PublicKey(bytes.Clone(signature[:ed25519.PublicKeySize]))
	if !ed25519.Verify(key, manifest, signature[ed25519.PublicKeySize:]) {
		return errors.New("the signature is not of this manifest")
	}
	p.Signer = key
	return nil
}

// contents reads a member up to a limit.
func contents(t *tar.Reader, h *tar.Header, limit int64) ([]byte, error) {
	if h.Typeflag != tar.TypeReg || h.Size > limit || strings.Contains(h.Name, "..") {
		return nil, fmt.Errorf("%.80q is no plain file of at most %d bytes", h.Name, limit)
	}
	data, err := io.ReadAll(io.LimitReader(t, limit+1))
	if err != nil {
		return nil, fmt.Errorf("the pack breaks off in %.80q: %w", h.Name, err)
	}
	if int64(len(data)) > limit {
		return nil, fmt.Errorf("%.80q is larger than %d bytes", h.Name, limit)
	}
	return data, nil
}
