//go:build !linux

package cost

// maxrssUnit is what ru_maxrss counts in, in bytes, on macOS and the BSDs'
// common ground (getrusage(2) of macOS).
const maxrssUnit = 1
