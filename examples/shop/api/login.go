package main

import (
	"crypto/pbkdf2"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
)

const (
	sessionLength = 12 * time.Hour
	iterations    = 100_000 // of PBKDF2; the hashes in the database were made with so many
)

func (s *server) login(r *http.Request) (any, error) {
	var given struct{ Name, Password string }
	if err := read(r, &given); err != nil {
		return nil, err
	}
	var id int64
	var hash string
	err := s.db.QueryRow(r.Context(), `SELECT id, password_hash FROM users WHERE name = $1`, given.Name).Scan(&id, &hash)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, failure{http.StatusUnauthorized, "the name or the password is wrong"}
	}
	if err != nil {
		return nil, err
	}
	if !matches(given.Password, hash) {
		return nil, failure{http.StatusUnauthorized, "the name or the password is wrong"}
	}
	return map[string]string{
		"name":  given.Name,
		"token": s.signer.Sign(id, time.Now().Add(sessionLength)),
	}, nil
}

func (s *server) me(r *http.Request) (any, error) {
	id, err := s.user(r)
	if err != nil {
		return nil, err
	}
	var me struct {
		Name   string `json:"name"`
		Staff  bool   `json:"staff"`
		Orders int    `json:"orders"`
	}
	err = s.db.QueryRow(r.Context(),
		`SELECT name, staff, (SELECT count(*) FROM orders WHERE user_id = users.id) FROM users WHERE id = $1`, id).
		Scan(&me.Name, &me.Staff, &me.Orders)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, errNoLogin
	}
	return me, err
}

// user returns who sends a request, by its bearer token.
func (s *server) user(r *http.Request) (int64, error) {
	token, _ := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	id, err := s.signer.User(token, time.Now())
	if err != nil {
		return 0, errNoLogin
	}
	return id, nil
}

// staff refuses a request that does not come from somebody who works here.
func (s *server) staff(r *http.Request) error {
	id, err := s.user(r)
	if err != nil {
		return err
	}
	var staff bool
	err = s.db.QueryRow(r.Context(), `SELECT staff FROM users WHERE id = $1`, id).Scan(&staff)
	if errors.Is(err, pgx.ErrNoRows) || err == nil && !staff {
		return errNoStaff
	}
	return err
}

// matches reports whether hash, "salt$key" in hexadecimal, is that of password.
func matches(password, hash string) bool {
	salt, want, _ := strings.Cut(hash, "$")
	raw, err := hex.DecodeString(salt)
	if err != nil {
		return false
	}
	key, err := pbkdf2.Key(sha256.New, password, raw, iterations, 32)
	return err == nil && subtle.ConstantTimeCompare([]byte(hex.EncodeToString(key)), []byte(want)) == 1
}
