package manifest

import (
	"crypto/md5"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode/utf16"

	"rehearse/internal/source"
)

// MadeFor reports whether a lockfile that says of what it was made was made of
// that manifest; known is false where it does not say, or says it in a way that
// is not known.
func (l *Lock) MadeFor(m source.File) (ok, known bool) {
	if l.digest == "" {
		return false, false
	}
	var digests []string
	switch l.Format {
	case "poetry":
		digests = poetryDigests(m)
	case "composer":
		digests = composerDigests(m)
	}
	return slices.Contains(digests, l.digest), len(digests) > 0
}

// poetryDigests returns what Poetry writes as content-hash: a digest of the
// tables that decide what is installed
// (https://github.com/python-poetry/poetry/blob/main/src/poetry/packages/locker.py).
// What is taken, and how, changed with its versions; all ways are returned.
func poetryDigests(file source.File) []string {
	var all map[string]any
	if tomlOf(file, &all) != nil {
		return nil
	}
	tool, _ := all["tool"].(map[string]any)
	poetry, _ := tool["poetry"].(map[string]any)
	project, _ := all["project"].(map[string]any)
	groups, _ := all["dependency-groups"].(map[string]any)
	pick := func(from map[string]any, names ...string) map[string]any {
		picked := map[string]any{}
		for _, name := range names {
			if v, ok := from[name]; ok {
				picked[name] = v
			}
		}
		return picked
	}
	// The first four were always taken, and are null where they are not there.
	legacy := []string{"dependencies", "source", "extras", "dev-dependencies"}
	plain := pick(poetry, append(legacy, "group")...)
	whole := maps.Clone(plain)
	for _, name := range legacy {
		if _, ok := whole[name]; !ok {
			whole[name] = nil
		}
	}
	early := maps.Clone(whole)
	delete(early, "group")
	ways := []any{whole, early}
	if pep := pick(project, "requires-python", "dependencies", "optional-dependencies"); len(pep) > 0 {
		own := map[string]any{"poetry": plain}
		ways = append(ways, map[string]any{"project": pep, "tool": own}, map[string]any{"project": pep, "tool": own, "dependency-groups": groups})
	} else if len(groups) > 0 {
		with := maps.Clone(plain)
		with["dependency-groups"] = groups
		ways = append(ways, plain, with, map[string]any{"dependency-groups": groups, "tool": map[string]any{"poetry": plain}})
	}
	var digests []string
	for _, way := range ways {
		var b strings.Builder
		if !pythonJSON(&b, way) {
			return nil
		}
		sum := sha256.Sum256([]byte(b.String()))
		digests = append(digests, hex.EncodeToString(sum[:]))
	}
	return digests
}

// pythonJSON writes a value as json.dumps does with sort_keys
// (https://docs.python.org/3/library/json.html#json.dumps); false where the value
// has something that it refuses.
func pythonJSON(b *strings.Builder, value any) bool {
	switch v := value.(type) {
	case nil:
		b.WriteString("null")
	case bool:
		b.WriteString(strconv.FormatBool(v))
	case int64:
		b.WriteString(strconv.FormatInt(v, 10))
	case string:
		asciiJSON(b, v, false)
	case []map[string]any:
		all := make([]any, len(v))
		for i, m := range v {
			all[i] = m
		}
		return pythonJSON(b, all)
	case []any:
		b.WriteByte('[')
		for i, e := range v {
			if i > 0 {
				b.WriteString(", ")
			}
			if !pythonJSON(b, e) {
				return false
			}
		}
		b.WriteByte(']')
	case map[string]any:
		b.WriteByte('{')
		for i, name := range slices.Sorted(maps.Keys(v)) {
			if i > 0 {
				b.WriteString(", ")
			}
			asciiJSON(b, name, false)
			b.WriteString(": ")
			if !pythonJSON(b, v[name]) {
				return false
			}
		}
		b.WriteByte('}')
	default:
		return false // a date, a float: neither stands in what is asked for
	}
	return true
}

// asciiJSON writes a text of JSON in ASCII, as Python and PHP do; PHP puts a
// backslash before a slash, too.
func asciiJSON(b *strings.Builder, text string, slashes bool) {
	b.WriteByte('"')
	for _, r := range text {
		switch {
		case r == '"', r == '\\', r == '/' && slashes:
			b.WriteByte('\\')
			b.WriteRune(r)
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\r':
			b.WriteString(`\r`)
		case r == '\t':
			b.WriteString(`\t`)
		case r == '\b':
			b.WriteString(`\b`)
		case r == '\f':
			b.WriteString(`\f`)
		case r < 0x20, r > 0x7e && !(r == 0x7f):
			for _, unit := range utf16.Encode([]rune{r}) {
				fmt.Fprintf(b, `\u%04x`, unit)
			}
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte('"')
}

// composerKeys are the members of a composer.json of which the content-hash is
// made, in the order of their names
// (https://github.com/composer/composer/blob/main/src/Composer/Package/Locker.php, getContentHash).
var composerKeys = []string{
	"config", "conflict", "extra", "minimum-stability", "name", "prefer-stable", "provide", "replace", "repositories", "require", "require-dev", "version",
}

func composerDigests(file source.File) []string {
	fields, err := object(file)
	if err != nil {
		return nil
	}
	by := map[string]json.RawMessage{}
	for _, f := range fields {
		by[f.name] = f.raw
	}
	if raw, ok := by["config"]; ok {
		delete(by, "config")
		for _, c := range inside(member{raw: raw}) {
			if c.name == "platform" && string(c.raw) != "null" {
				by["config"] = json.RawMessage(`{"platform":` + string(c.raw) + `}`)
			}
		}
	}
	var b strings.Builder
	b.WriteByte('{')
	for _, name := range composerKeys {
		raw, ok := by[name]
		if !ok {
			continue
		}
		if b.Len() > 1 {
			b.WriteByte(',')
		}
		asciiJSON(&b, name, true)
		b.WriteByte(':')
		if !phpJSON(&b, raw) {
			return nil
		}
	}
	b.WriteByte('}')
	sum := md5.Sum([]byte(b.String()))
	return []string{hex.EncodeToString(sum[:])}
}

// phpJSON writes what json_encode makes of what json_decode reads into arrays
// (https://www.php.net/manual/en/function.json-encode.php): the order stays, and an
// object without members is a list. False where it is not certain what it makes.
func phpJSON(b *strings.Builder, raw json.RawMessage) bool {
	if len(raw) == 0 {
		return false
	}
	switch raw[0] {
	case '{':
		all, err := members(raw, 1)
		if err != nil {
			return false
		}
		if len(all) == 0 {
			b.WriteString("[]")
			return true
		}
		b.WriteByte('{')
		seen := map[string]bool{}
		for i, m := range all {
			if _, err := strconv.Atoi(m.name); err == nil || seen[m.name] {
				return false // it may become a list
			}
			seen[m.name] = true
			if i > 0 {
				b.WriteByte(',')
			}
			asciiJSON(b, m.name, true)
			b.WriteByte(':')
			if !phpJSON(b, m.raw) {
				return false
			}
		}
		b.WriteByte('}')
	case '[':
		var all []json.RawMessage
		if json.Unmarshal(raw, &all) != nil {
			return false
		}
		b.WriteByte('[')
		for i, e := range all {
			if i > 0 {
				b.WriteByte(',')
			}
			if !phpJSON(b, e) {
				return false
			}
		}
		b.WriteByte(']')
	case '"':
		asciiJSON(b, text(raw), true)
	default:
		if strings.ContainsAny(string(raw), ".eE") && string(raw) != "true" && string(raw) != "false" {
			return false // a number that may be written otherwise
		}
		b.Write(raw)
	}
	return true
}
