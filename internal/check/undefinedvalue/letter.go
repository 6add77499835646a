package undefinedvalue

import "rehearse/internal/spelling"

// lacking reports whether one name has, behind words that both begin with, a long
// word of the other with a letter less: GCP_ARTIFACT_PUBISHER_KEY beside
// GCP_ARTIFACT_PUBLISHER_ACCOUNT. Of what follows the two may be of one thing.
func lacking(name, other string) bool {
	as, bs := spelling.Words(name), spelling.Words(other)
	i := 0
	for i < len(as) && i < len(bs) && as[i] == bs[i] {
		i++
	}
	if i == 0 || i >= len(as) || i >= len(bs) {
		return false
	}
	a, b := as[i], bs[i]
	if len(a) < 8 || len(b) != len(a)+1 || a[0] != b[0] || a[len(a)-1] != b[len(b)-1] {
		return false
	}
	for j := 1; j < len(b)-1; j++ {
		if b[:j]+b[j+1:] == a {
			return true
		}
	}
	return false
}
