package pattern

import (
	"bytes"
	"cmp"
	"regexp"
	"strconv"
	"strings"
	"time"

	"rehearse/internal/fact"
	"rehearse/internal/syntax"
)

// minute is the shortest interval that is taken for a job's: what comes more
// often is a heartbeat, or looks whether there is anything to do.
const minute = time.Minute

// chore is what work is called that every process does for itself alone.
var chore = regexp.MustCompile(`(?i)heart_?beat|ping|keep_?-?alive|cache|metric|stats?\b|telemetry|refresh|evict|expire|gc\b|prune|sweep|memory|health|poll|reload|watch|flush|renew|token|limit|socket|client|connection|session|map\b|log(ger)?\b|idle|stale|rotate|buffer|\.unref|debug|monitor`)

// agreed is what stands in a file in which processes agree who does the work: a
// lock that they share, the choice of a leader, a number of the process.
var agreed = regexp.MustCompile(`(?i)(acquire|try|take|obtain|with|get|create|claim|release|distributed|redis|cron|job|task|schedul(e|er)|row|advisory|pg)_?(\w{0,12}[^bcBC\W])?lock|\b(set|is|remove)_(\w{0,12}[^bcBC\W])?lock(ed)?\b|red_?lock|shed_?lock|lock\.acquire|\.lock\([^)]|advisory|leader|is_?primary|is_?master|NODE_APP_INSTANCE|set_?nx|['"]NX['"]|nx ?[:=] ?true|flock|distributed[-_ ]?(mutex|semaphore|scheduler|cron)|edsync|cache\.add\(`)

// timers takes in the work that the code starts by the clock, save where it
// agrees with other processes who does it.
func (g *Reading) timers() {
	if g.inBrowser() || len(g.found["timer"]) == 0 {
		return
	}
	if agrees(g.File.Tree.File.Data) {
		g.locked()
		return
	}
	for _, m := range g.fullest("timer") {
		if g.without(m) || !g.valued(m) {
			continue
		}
		node, job := m.Node("timer"), m.Node("job")
		name, _ := g.File.Text(m.Node("schedule")).Known()
		sort := ""
		if every := m.Node("every"); !every.IsZero() {
			interval, ok := g.interval(every, unitOf(node, m.Set["unit"]))
			done, twice := g.deed(node, job)
			if twice {
				sort = "database"
			}
			switch {
			case twice && done != "":
				name = done
			case twice && !ok:
				name = "by a timer"
			case twice:
				name = "every " + short(interval)
			case !ok || interval < minute || chore.MatchString(job.Text()) || chore.MatchString(g.File.Around(node).Name):
				continue
			default:
				name = "every " + short(interval)
			}
		}
		if name == "" {
			name, _ = g.File.Text(job).Literal()
		}
		if name == "" && simple.MatchString(job.Text()) {
			name = job.Text()
		}
		g.Add(fact.Need{
			Kind: fact.Timer, Name: cmp.Or(name, m.Set["name"], m.Set["library"], "interval"), At: node.Span(),
			Library: m.Set["library"], Sort: sort, Text: opening(node, first(m.Node("schedule"), m.Node("every"))),
		})
	}
}

// locks are the marks of work that a library of locks lets one process alone do,
// by the library that starts the work (https://github.com/lukas-krecan/ShedLock).
var locks = map[string]string{"spring": "@SchedulerLock("}

// locked takes in, once for a file, that its work is done under such a lock: of
// work that is not it says what was forgotten.
func (g *Reading) locked() {
	m := g.fullest("timer")[0]
	library := m.Set["library"]
	if mark := locks[library]; mark == "" || !bytes.Contains(g.File.Tree.File.Data, []byte(mark)) {
		return
	}
	node := m.Node("timer")
	g.Add(fact.Need{Kind: fact.Timer, Name: "SchedulerLock", At: node.Span(), Library: library, Sort: "locked", Text: opening(node, first(m.Node("schedule"), m.Node("every")))})
}

// short is a duration without the parts of it that are zero.
func short(d time.Duration) string {
	text := d.String()
	if strings.HasSuffix(text, "m0s") {
		text = strings.TrimSuffix(text, "0s")
	}
	if strings.HasSuffix(text, "h0m") {
		text = strings.TrimSuffix(text, "0m")
	}
	return text
}

var simple = regexp.MustCompile(`^[:@]?[A-Za-z_][\w.:]*$`)

// units are the names of spans of time, as far as languages have them.
var units = map[string]time.Duration{
	"ms": time.Millisecond, "s": time.Second, "m": time.Minute, "h": time.Hour,
	"time.Millisecond": time.Millisecond, "time.Second": time.Second, "time.Minute": time.Minute, "time.Hour": time.Hour,
}

// otherUnit is how Spring is told that a number is not one of milliseconds
// (https://docs.spring.io/spring-framework/reference/integration/scheduling.html#scheduling-annotation-support-scheduled).
var otherUnit = regexp.MustCompile(`\btimeUnit\s*=\s*[\w.]*\b(SECONDS|MINUTES|HOURS|DAYS)\b`)

// unitOf is the unit of a timer's bare number; of days, that they are many hours is
// enough.
func unitOf(timer syntax.Node, unit string) string {
	if said := otherUnit.FindStringSubmatch(timer.Text()); said != nil {
		return map[string]string{"SECONDS": "s", "MINUTES": "m", "HOURS": "h", "DAYS": "h"}[said[1]]
	}
	return unit
}

// interval is the span of time that a product of numbers and units stands for:
// 5 * 60 * 1000, 24 * time.Hour. The unit is that of a bare number.
func (g *Reading) interval(n syntax.Node, unit string) (time.Duration, bool) {
	text := n.Text()
	for range 3 {
		b := g.File.Resolve(n)
		if b == nil || b.Value.IsZero() || b.Value.ID() == n.ID() {
			break
		}
		n = b.Value
		text = n.Text()
	}
	if len(text) > 100 {
		return 0, false
	}
	product, named := 1.0, false
	for factor := range strings.SplitSeq(text, "*") {
		factor = strings.ReplaceAll(strings.Trim(factor, " ()"), "_", "")
		if d, ok := units[factor]; ok && strings.HasPrefix(factor, "time.") && !named {
			product, named = product*float64(d), true
			continue
		}
		v, err := strconv.ParseFloat(factor, 64)
		if err != nil || v <= 0 {
			return 0, false
		}
		product *= v
	}
	if !named {
		product *= float64(cmp.Or(units[unit], time.Millisecond))
	}
	if product > float64(365*24*time.Hour) {
		return 0, false
	}
	return time.Duration(product), true
}
