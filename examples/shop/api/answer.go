package main

import (
	"encoding/json"
	"errors"
	"log"
	"net/http"
	"strconv"
)

// failure is an answer that tells the client why there is no better one.
type failure struct {
	status int
	text   string
}

func (f failure) Error() string { return f.text }

var (
	errUnknown = failure{http.StatusNotFound, "there is no such product"}
	errSoldOut = failure{http.StatusConflict, "sold out"}
	errNoLogin = failure{http.StatusUnauthorized, "please log in"}
	errNoStaff = failure{http.StatusForbidden, "only for staff"}
	errNoCart  = failure{http.StatusServiceUnavailable, "carts are unavailable, please buy directly"}
)

// answer makes a handler of a function: what it returns is sent as JSON. An
// error that is no failure is logged, and the client learns nothing of it.
func answer(serve func(*http.Request) (any, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		status := http.StatusOK
		body, err := serve(r)
		var known failure
		switch {
		case errors.As(err, &known):
			status, body = known.status, map[string]string{"error": known.text}
		case err != nil:
			log.Printf("%s %s: %v", r.Method, r.URL.Path, err)
			status, body = http.StatusInternalServerError, map[string]string{"error": "something went wrong"}
		}
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		if err := json.NewEncoder(w).Encode(body); err != nil {
			log.Printf("%s %s: %v", r.Method, r.URL.Path, err)
		}
	}
}

// read decodes the JSON body of a request.
func read(r *http.Request, into any) error {
	body := http.MaxBytesReader(nil, r.Body, 64<<10)
	if err := json.NewDecoder(body).Decode(into); err != nil {
		return failure{http.StatusBadRequest, "the body is not the JSON that is expected"}
	}
	return nil
}

// productID returns the product that the path of a request names.
func productID(r *http.Request) (int64, error) {
	id, err := strconv.ParseInt(r.PathValue("id"), 10, 64)
	if err != nil {
		return 0, errUnknown
	}
	return id, nil
}
