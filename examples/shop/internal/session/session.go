// Package session signs and verifies the tokens that customers are known by.
package session

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// minKey is the shortest key whose signatures are believed: what was signed
// with less can be forged by trying.
const minKey = 16

// ErrRefused is the error of a token that is malformed, forged or too old.
var ErrRefused = errors.New("the token is refused")

// Signer signs and verifies with one key.
type Signer struct{ key []byte }

// New returns a Signer whose key is secret.
func New(secret string) Signer {
	return Signer{key: []byte(secret)}
}

// Sign returns a token that stands for user until the moment given.
func (s Signer) Sign(user int64, until time.Time) string {
	claim := fmt.Sprintf("%d.%d", user, until.Unix())
	return claim + "." + s.mac(claim)
}

// User returns whom token stands for, or ErrRefused.
func (s Signer) User(token string, now time.Time) (int64, error) {
	cut := strings.LastIndexByte(token, '.')
	if cut < 0 || len(s.key) < minKey {
		return 0, ErrRefused
	}
	claim, mac := token[:cut], token[cut+1:]
	if !hmac.Equal([]byte(mac), []byte(s.mac(claim))) {
		return 0, ErrRefused
	}
	id, expiry, _ := strings.Cut(claim, ".")
	user, err := strconv.ParseInt(id, 10, 64)
	if err != nil {
		return 0, ErrRefused
	}
	until, err := strconv.ParseInt(expiry, 10, 64)
	if err != nil || now.Unix() >= until {
		return 0, ErrRefused
	}
	return user, nil
}

func (s Signer) mac(claim string) string {
	hash := hmac.New(sha256.New, s.key)
	hash.Write([]byte(claim))
	return base64.RawURLEncoding.EncodeToString(hash.Sum(nil))
}
