package grow

import (
	"math"
	"math/rand/v2"
	"strings"
)

var words = strings.Fields(`account order invoice product customer basket payment refund shipment parcel address
catalog stock price discount coupon review rating session profile avatar message channel thread topic event audit
metric report chart filter query cursor page batch queue worker task schedule retry timeout cache store buffer stream
parser lexer token tree node edge graph path route handler filterset adapter driver codec frame packet header footer
layout widget button dialog modal toast badge menu table column cell grid form field label input option choice slider`)

var sections = []string{"src", "src/models", "src/views", "internal", "lib", "src/components", "pkg", "src/services", "tests", "docs"}

// expNormal draws from a log-normal distribution, as the sizes of files are
// known to (Douceur and Bolosky, "A Large-Scale Study of File-System
// Contents", SIGMETRICS 1999).
func expNormal(r *rand.Rand) float64 {
	return math.Exp(math.Max(-3, math.Min(3, r.NormFloat64())))
}
