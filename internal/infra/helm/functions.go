package helm

import (
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"strings"
	"text/template"
	"time"

	"github.com/Masterminds/sprig/v3"
	"go.yaml.in/yaml/v3"
)

// madeUp stands in what a chart makes up when it is installed: passwords,
// certificates, times. What holds it is not known.
const madeUp = "made-up-"

func random(length int) string {
	length = min(max(length, len(madeUp)), maxText)
	return strings.Repeat(madeUp, length/len(madeUp)+1)[:length]
}

// functions returns what templates may call: those of sprig without what asks
// the machine, the network, the clock or chance, and those of Helm
// (https://helm.sh/docs/chart_template_guide/function_list/). Those that need
// the chart are added by the engine.
func (b *budget) functions() template.FuncMap {
	all := template.FuncMap(maps.Clone(sprig.TxtFuncMap()))
	for _, name := range []string{"env", "expandenv"} {
		delete(all, name) // as Helm does
	}
	maps.Copy(all, helms)
	maps.Copy(all, invented)
	maps.Copy(all, escapers)
	guard(all)
	for name, fn := range all {
		all[name] = b.bounded(fn)
	}
	return all
}

// helms are the functions that Helm adds to those of sprig and that need
// nothing of the chart.
var helms = template.FuncMap{
	"toYaml":        toYAML,
	"mustToYaml":    toYAML,
	"toYamlPretty":  toYAML,
	"toToml":        func(any) string { return "" },
	"fromYaml":      fromYAML,
	"fromYamlArray": fromYAMLArray,
	"fromJson":      fromJSON,
	"fromJsonArray": fromYAMLArray,
	"lookup":        func(string, string, string, string) map[string]any { return map[string]any{} },
	"getHostByName": func(string) string { return "" },
}

// invented are the functions whose results nobody knows beforehand.
var invented = template.FuncMap{
	"randAlphaNum":   random,
	"randAlpha":      random,
	"randAscii":      random,
	"randNumeric":    func(int) string { return "0" },
	"randBytes":      func(n int) string { return random(n) },
	"randInt":        func(least, _ int) int { return least },
	"shuffle":        func(s string) string { return s },
	"uuidv4":         func() string { return random(36) },
	"now":            func() time.Time { return time.Unix(0, 0).UTC() },
	"ago":            func(any) string { return madeUp },
	"unixEpoch":      func(any) string { return madeUp },
	"bcrypt":         func(string) string { return random(60) },
	"htpasswd":       func(string, string) string { return random(60) },
	"derivePassword": func(int, string, string, string, string) string { return random(20) },
	"genPrivateKey":  func(string) string { return random(60) },
	"buildCustomCert": func(...any) map[string]any {
		return certificate()
	},
	"genCA":                    func(...any) map[string]any { return certificate() },
	"genCAWithKey":             func(...any) map[string]any { return certificate() },
	"genSelfSignedCert":        func(...any) map[string]any { return certificate() },
	"genSelfSignedCertWithKey": func(...any) map[string]any { return certificate() },
	"genSignedCert":            func(...any) map[string]any { return certificate() },
	"genSignedCertWithKey":     func(...any) map[string]any { return certificate() },
	"encryptAES":               func(string, string) string { return random(40) },
	"decryptAES":               func(string, string) string { return random(40) },
}

func certificate() map[string]any { return map[string]any{"Cert": random(60), "Key": random(60)} }

// escapers are functions of text/template itself, so that they are bounded too.
var escapers = template.FuncMap{
	"html": template.HTMLEscaper, "js": template.JSEscaper, "urlquery": template.URLQueryEscaper,
	"print": fmt.Sprint, "println": fmt.Sprintln, "printf": format,
}

// wide is a verb whose width or precision makes a text far longer than what it
// is given.
var wide = regexp.MustCompile(`%[-+# 0]*(\*|[0-9]{4,}|[0-9]*\.(\*|[0-9]{4,}))`)

func format(layout string, args ...any) (string, error) {
	if wide.MatchString(layout) {
		return "", errBound
	}
	return fmt.Sprintf(layout, args...), nil
}

// guard bounds what a function makes before it makes it, where that may be far
// more than what it is given.
func guard(all template.FuncMap) {
	all["repeat"] = func(times int, text string) (string, error) {
		if times < 0 || len(text) > 0 && times > maxText/len(text) {
			return "", errBound
		}
		return strings.Repeat(text, times), nil
	}
	all["replace"] = func(old, with, text string) (string, error) {
		if strings.Count(text, old) > maxText/(len(with)+1) {
			return "", errBound
		}
		return strings.ReplaceAll(text, old, with), nil
	}
	for _, name := range []string{"indent", "nindent"} {
		begin := strings.TrimSuffix(name, "indent")
		all[name] = func(spaces int, text string) (string, error) {
			if spaces < 0 || spaces > 1000 || (strings.Count(text, "\n")+1)*spaces > maxText {
				return "", errBound
			}
			pad := strings.Repeat(" ", spaces)
			return strings.ReplaceAll(begin, "n", "\n") + pad + strings.ReplaceAll(text, "\n", "\n"+pad), nil
		}
	}
	for _, name := range []string{"regexReplaceAll", "mustRegexReplaceAll", "regexReplaceAllLiteral", "mustRegexReplaceAllLiteral"} {
		literal := strings.HasSuffix(name, "Literal")
		all[name] = func(pattern, text, with string) (string, error) {
			if (len(text)+1)*(len(with)+1) > 64*maxText {
				return "", errBound
			}
			re, err := regexp.Compile(pattern)
			if err != nil {
				return "", errPattern
			}
			if literal {
				return re.ReplaceAllLiteralString(text, with), nil
			}
			return re.ReplaceAllString(text, with), nil
		}
	}
	all["until"] = func(stop int) ([]int, error) { return count(0, stop, 1) }
	all["untilStep"] = count
	all["seq"] = seq
	for _, name := range []string{"wrap", "wrapWith"} {
		delete(all, name)
	}
	all["wrap"] = func(_ int, text string) string { return text }
	all["wrapWith"] = func(_ int, _, text string) string { return text }
}

var errPattern = fmt.Errorf("a regular expression that is none")

// count returns the numbers from start to stop, without it.
func count(start, stop, step int) ([]int, error) {
	if step == 0 || (stop-start)/step > maxList {
		return nil, errBound
	}
	var all []int
	for i := start; step > 0 && i < stop || step < 0 && i > stop; i += step {
		all = append(all, i)
	}
	return all, nil
}

// seq is that of bash: LAST, FIRST LAST or FIRST STEP LAST.
func seq(args ...int) (string, error) {
	first, step, last := 1, 1, 0
	switch len(args) {
	case 1:
		last = args[0]
	case 2:
		first, last = args[0], args[1]
	case 3:
		first, step, last = args[0], args[1], args[2]
	default:
		return "", nil
	}
	if len(args) < 3 && last < first {
		step = -1
	}
	if step < 0 {
		last -= 2
	}
	numbers, err := count(first, last+1, step)
	return strings.Trim(fmt.Sprint(numbers), "[]"), err
}

func toYAML(v any) string {
	left := maxWeight
	if weigh(reflectOf(v), 0, &left) != nil {
		return ""
	}
	var b strings.Builder
	encoder := yaml.NewEncoder(&b)
	encoder.SetIndent(2)
	if encoder.Encode(whole(v)) != nil {
		return "" // as Helm: what is no value is nothing
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// whole makes integers of the numbers that are: a number of a values file is a
// floating one to templates, and stands in YAML as it was written.
func whole(v any) any {
	switch v := v.(type) {
	case float64:
		if v == float64(int64(v)) {
			return int64(v)
		}
	case map[string]any:
		m := make(map[string]any, len(v))
		for key, value := range v {
			m[key] = whole(value)
		}
		return m
	case []any:
		list := make([]any, len(v))
		for i, value := range v {
			list[i] = whole(value)
		}
		return list
	}
	return v
}

func fromYAML(text string) map[string]any {
	m := map[string]any{}
	if v, ok := decode(text).(map[string]any); ok {
		m = v
	}
	return m
}

func fromYAMLArray(text string) []any {
	list, _ := decode(text).([]any)
	return list
}

func fromJSON(text string) map[string]any {
	m := map[string]any{}
	if json.Unmarshal([]byte(text), &m) != nil {
		return map[string]any{}
	}
	return m
}
