package syntax_test

import (
	"slices"
	"testing"

	"rehearse/internal/syntax"
)

func TestFinder(t *testing.T) {
	texts := []string{"import shop", "shop", "/web", "größe", "Shop", "shop"}
	for data, want := range map[string][]int{
		"":                             nil,
		"from shops import x":          {1, 5},
		"import shop\nrequire('/web')": {0, 1, 2, 5},
		"Shop größe":                   {3, 4},
	} {
		var got []int
		syntax.NewFinder(texts).In([]byte(data), func(i int) { got = append(got, i) })
		if !slices.Equal(got, want) {
			t.Errorf("%q: %v, want %v", data, got, want)
		}
	}
}
