package pack

import (
	"crypto/ed25519"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"errors"
)

// ReadKey parses a private key in the format of "openssl genpkey -algorithm
// ed25519".
func ReadKey(text []byte) (ed25519.PrivateKey, error) {
	block, _ := pem.Decode(text)
	if block == nil || block.Type != "PRIVATE KEY" {
		return nil, errors.New("no key in PEM form; openssl genpkey -algorithm ed25519 makes one")
	}
	key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return nil, err
	}
	private, ok := key.(ed25519.PrivateKey)
	if !ok {
		return nil, errors.New("the key is not of the kind ed25519")
	}
	return private, nil
}

// KeyName formats a public key for comparison by people.
func KeyName(key ed25519.PublicKey) string { return base64.StdEncoding.EncodeToString(key) }
