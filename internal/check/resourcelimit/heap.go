package resourcelimit

import (
	"path"
	"regexp"
	"strconv"
	"strings"

	"rehearse/internal/fact"
	"rehearse/internal/ledger"
	"rehearse/internal/source"
)

// take is what a process is told to take.
type take struct {
	bytes  float64
	text   string // the option, and nothing else of the value
	where  string // who says so
	beside string // why it is more than that
	at     source.Span
}

// option is an option by which a program is told how much memory to take.
type option struct {
	pattern *regexp.Regexp // its first group is the amount
	unit    float64        // of an amount without a suffix; 0 where a suffix may stand there
	share   bool           // it is a share of the limit, in percent
	program *regexp.Regexp // of a command: the program that must be in it; nil: any
}

func re(text string) *regexp.Regexp { return regexp.MustCompile(text) }

var (
	java     = re(`(^|[\s/"'])java(\s|$)`)
	node     = re(`(^|[\s/"'])(node|nodejs|npm|yarn|ts-node|next|nest)(\s|$)`)
	postgres = re(`(^|[\s/"'])postgres(\s|$)|^-c\s`)
)

// options, by the manuals of the programs.
var options = []option{
	{pattern: re(`-Xmx(\d+[kKmMgGtT]?)\b`), program: java},
	{pattern: re(`-XX:MaxHeapSize=(\d+[kKmMgGtT]?)\b`), program: java},
	{pattern: re(`-XX:MaxRAMPercentage=(\d+(?:\.\d+)?)\b`), share: true, program: java},
	{pattern: re(`--max[-_]old[-_]space[-_]size[= ](\d+)\b`), unit: 1 << 20, program: node},
	{pattern: re(`shared_buffers\s*=\s*'?(\d+\s?[kMGT]?B)\b`), program: postgres},
	{pattern: re(`--maxmemory[= ](\d+(?:[kKmMgG][bB]?)?)(?:\s|$)`), program: re(`redis-server|valkey-server|^--maxmemory`)},
	{pattern: re(`--innodb[-_]buffer[-_]pool[-_]size=(\d+[kKmMgG]?)\b`), program: re(`mysqld|mariadbd|^--`)},
}

// variables are those that hold such options, or an amount alone.
var variables = re(`^(_?JAVA_OPT(ION)?S|_JAVA_OPTIONS|JAVA_TOOL_OPTIONS|JDK_JAVA_OPTIONS|JAVA_OPTS_APPEND|CATALINA_OPTS|(ES|OPENSEARCH|LS|DISCOVERY)_JAVA_OPTS|KAFKA_(HEAP|OPTS|JVM.*)_?OPTS|KAFKA_HEAP_OPTS|ZK_SERVER_HEAP|JVM_(OPTS|ARGS|OPTIONS)|JAVA_ARGS|JENKINS_JAVA_OPTIONS|JENKINS_OPTS|SBT_OPTS|WILDFLY_OPTS|SOLR_JAVA_MEM|NODE_OPTIONS)$`)

// amounts are variables of which the value is an amount: GOMEMLIMIT by the
// documentation of Go's runtime, the others by those of the images.
var amounts = map[string]bool{
	"GOMEMLIMIT": true, "NEO4J_dbms_memory_heap_max__size": true, "NEO4J_server_memory_heap_max__size": true, "MAX_HEAP_SIZE": true, "ELASTICSEARCH_HEAP_SIZE": true,
}

// besides are images whose process takes about as much beside the heap as it
// has of heap: "Set Xms and Xmx to no more than 50% of your total memory".
var besides = map[string]bool{"elasticsearch": true, "opensearch": true}

// largest returns what the process is told to take where it is the limit or
// more, or too near to it.
func (s subject) largest(limit int64) (take, bool) {
	var found take
	look := func(text, where string, at source.Span, command bool) {
		for _, o := range options {
			if command && !o.program.MatchString(text) {
				continue
			}
			all := o.pattern.FindAllStringSubmatch(text, 10)
			if len(all) == 0 {
				continue
			}
			m := all[len(all)-1] // the last one counts
			n, ok := o.read(m[1], limit)
			if ok && n > found.bytes {
				found = take{bytes: n, text: strings.TrimSpace(m[0]), where: where, at: at}
			}
		}
	}
	for _, v := range s.values() {
		text := v.Value.Reveal()
		switch {
		case variables.MatchString(v.Name):
			look(text, v.Name, v.At, false)
		case amounts[v.Name]:
			if n, ok := fact.Size(text); ok && n > found.bytes {
				found = take{bytes: n, text: text, where: v.Name, at: v.At}
			}
		}
	}
	if argv, at := s.command(); len(argv) > 0 && !at.IsZero() {
		look(strings.Join(argv, " "), "the start command", at, true)
	}
	switch {
	case found.bytes >= float64(limit):
		return found, true
	case besides[image(s.base)] && found.bytes > 0.75*float64(limit):
		found.beside = image(s.base) + " takes about as much again beside its heap"
		return found, true
	}
	return take{}, false
}

func (o option) read(text string, limit int64) (float64, bool) {
	switch {
	case o.share:
		n, err := strconv.ParseFloat(text, 64)
		return n / 100 * float64(limit), err == nil
	case o.unit > 0:
		n, err := strconv.ParseFloat(text, 64)
		return n * o.unit, err == nil
	}
	return fact.Size(strings.ReplaceAll(text, " ", ""))
}

// values returns the variables of the process whose values stand in the tree.
func (s subject) values() []fact.Supply {
	var all []fact.Supply
	literal := func(v fact.Supply) {
		if v.Value.Origin == fact.Literal && v.Kind == fact.Variable && v.Phase == fact.Run {
			all = append(all, v)
		}
	}
	if s.run != nil {
		for _, name := range s.run.Names() {
			if !variables.MatchString(name) && !amounts[name] {
				continue
			}
			if v, _, state := s.run.Variable(name); state == ledger.Supplied {
				literal(v)
			}
		}
		return all
	}
	for _, v := range s.workload.Supplies {
		literal(v)
	}
	return all
}

// command returns what the container starts.
func (s subject) command() ([]string, source.Span) {
	if s.run != nil {
		return s.run.Command()
	}
	return append(append([]string{}, s.workload.Command...), s.workload.Args...), s.workload.StartAt
}

// image returns the name of an image without its registry and its tag.
func image(reference string) string {
	name, _, _ := strings.Cut(reference, "@")
	name = path.Base(name)
	name, _, _ = strings.Cut(name, ":")
	return name
}
