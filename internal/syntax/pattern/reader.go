// Package pattern makes a reader of a language out of two queries: one that
// tells what its syntax means (see package flow), and one that tells which code
// needs what. In the second, set! need names what a pattern finds, and its
// captures are the words below.
//
//	environment  @environment is an expression for all variables: process.env
//	access       @read is a read of variable @name from @object, if that is an
//	             environment under any name; @default is what it is given instead
//	variable     @read is a read of variable @name; @default as above
//	export       a module gives @object to others as @name
//	import       @name is what another module gives, as @local: @source names it
//	write        variable @name is set, to @value
//	listen       a server binds: @address is "host:port", or @port and @host are
//	             its parts, or @options holds either as named values; set! host
//	             and port are what it binds without them
//	call         a client connects: captures as for listen, set! scheme and port
//	url          @url is a literal that may be an address to connect to
//	client       @client is code that connects to the addresses in it
//	quiet        @quiet is code in which an address is only a text
//	local        @local is code that runs only where it is developed or tested:
//	             its needs are none of the component's
//	link         @link is code that makes links of an address: what a variable in
//	             it is without being supplied is no address to connect to
//	dotenv       @load loads the .env files @file, or @files holds them; set! file
//	path         @path is served, with @method or @methods, by @router
//	group        @group serves the paths of @router under @prefix; @member is the
//	             name that it goes by where that is a parameter
//	router       @group serves paths that are mounted elsewhere
//	mount        @router serves its paths under @prefix
//	join         @join is a path put together of @parts, or of @base and @part; set!
//	             absolute: a part that begins in a folder of its own starts anew
//	folder       @folder is the folder of the file, set! of beside; the file itself,
//	             of file; where the program was started, of working; or one for
//	             what need not last, of temporary
//	parent       @parent is the folder that @of is in, or one @up times above it
//	same         @same is the path @of, written otherwise
//	reading      @reading reads the file or folder @path, or that which @options
//	             have under set! key, or set! path
//	writing      @writing writes it; captures as for reading; set! sort upload,
//	             database, log or temporary, where the path does not tell
//	program      @program starts the program @name, or those of the command line
//	             @command, or set! name
//	wrapper      @wrapper is the name of a package that starts the programs that
//	             Reader.Wraps tells
//	state        @state keeps something in the memory of the process; set! sort and
//	             name or library, or @name is what holds it
//	timer        @timer starts work by the clock: @schedule, or @every so long, which
//	             is in set! unit ms, s, m or h; @job is what it does
//	queue        work is put into @queue, set! sort put, or taken from it, take; or
//	             @options have its name under set! key, or it is set! name
//
// Of an access or a variable, set! strict says that it fails by itself where
// the variable is absent, test that it is true where the variable is there, and
// with missing where it is not,
// optional that its absence is no matter, phase that it is read when the code is
// built, browser that the code runs in a browser. Of a reading, a writing, a
// state or a timer, without names, with bars between them, the keys of which
// @options have none, and is the texts of which @value is one; scheme of a
// reading or writing is what an address begins with that has the path; library
// of any of them, and of a queue or program, is the package that does it. Of any,
// set! where names texts, with bars between them, of which the file holds one,
// lacks those of which it holds none, in what the file's path holds, fits an
// expression that fits in the file, and alone the texts of which it holds one if
// there may be a need in it though no other pattern finds any.
package pattern

import (
	"bytes"
	"cmp"
	"context"
	"maps"
	"regexp"
	"slices"
	"strings"
	"sync"

	"rehearse/internal/fact"
	"rehearse/internal/source"
	"rehearse/internal/syntax"
	"rehearse/internal/syntax/flow"
)

// Reader reads the files of a language by its queries. It is a lang.Reader and
// a lang.Follower.
type Reader struct {
	Name    string
	Files   []string // the endings of their names, with the dot
	Texts   []string // of which a file holds one if there can be a need in it
	Grammar func(path string) *syntax.Language
	Flow    *syntax.Query
	Needs   *syntax.Query

	// Indirect fits in every file in which a variable is read whose name is not
	// a literal: only there can an accessor be defined.
	Indirect *regexp.Regexp
	// Own gives the meaning of a need that no word above can tell. It is called
	// before the variables are weighed.
	Own map[string]func(*Reading, *syntax.Match)
	// Keep reports whether a read of that name, found by a pattern that says
	// set, is of a variable that the environment gives; nil where all are.
	Keep func(name string, set map[string]string) bool
	// Inlined holds the beginnings of the names of variables that take the place
	// of their reads when the code is built, and whether that code runs in a
	// browser for certain.
	Inlined map[string]bool
	// Bundled holds, of some of these, the folder whose files alone come into the
	// bundle: a folder of a server beside it reads them when it runs.
	Bundled map[string]string
	// Browser holds texts that only code which runs in a browser has.
	Browser []string
	// Wraps holds packages that start programs, and the programs, with spaces
	// between them.
	Wraps map[string]string
	// Tool reports whether a file configures a tool: one that builds, whose
	// variables are then read when the code is built, or one that only tests,
	// whose needs are none of the component's. Neither listens nor calls where
	// the component runs. It is nil where a language has no such files.
	Tool func(path string) (builds, tests bool)
}

// Language returns the name of the language.
func (r *Reader) Language() string { return r.Name }

// Extensions returns the endings of the names of its files.
func (r *Reader) Extensions() []string { return r.Files }

// Triggers returns the texts of which a file holds one if there can be a need
// in it.
func (r *Reader) Triggers() []string { return r.Texts }

// Read returns the needs of the code in the file.
func (r *Reader) Read(ctx context.Context, file source.File) ([]fact.Need, error) {
	return r.ReadWith(ctx, file, nil)
}

// ReadWith returns the needs of the code in the file, with calls of the
// accessors taken for reads of variables.
func (r *Reader) ReadWith(ctx context.Context, file source.File, accessors []fact.Accessor) ([]fact.Need, error) {
	var builds, tests bool
	if r.Tool != nil {
		if builds, tests = r.Tool(file.Path); tests {
			return nil, nil
		}
	}
	var needs []fact.Need
	err := r.open(ctx, file, accessors, func(g *Reading) {
		g.invocations(append(g.accessors(), accessors...))
		g.settle()
		if builds {
			for i := range g.needs {
				g.needs[i].Phase = fact.Build
			}
		} else {
			g.listens()
			g.calls()
			g.urls()
			g.dotenvs()
			g.paths()
			g.folders()
			g.files()
			g.members()
			g.programs()
			g.states()
			g.timers()
			g.queues()
		}
		needs = g.finish()
	})
	if err != nil {
		return nil, err
	}
	return needs, nil
}

// Accessors returns the functions in the file that read a variable which their
// caller names.
func (r *Reader) Accessors(ctx context.Context, file source.File) ([]fact.Accessor, error) {
	var found []fact.Accessor
	if !r.indirect(file.Data) {
		return nil, nil
	}
	err := r.open(ctx, file, nil, func(g *Reading) { found = append(g.accessors(), g.exports()...) })
	return found, err
}

// signs are texts near which Indirect fits, if it fits anywhere: to look for
// them first takes a small part of the time.
var signs = [][]byte{[]byte("env"), []byte("config("), []byte("Env"), []byte("ENV"), []byte("_SERVER")}

// near is how many bytes before and behind such a text Indirect may reach.
const near = 64

// indirect reports whether a variable is read whose name is not a literal.
func (r *Reader) indirect(data []byte) bool {
	for _, text := range signs {
		for at := 0; ; {
			i := bytes.Index(data[at:], text)
			if i < 0 {
				break
			}
			i += at
			if r.Indirect.Match(data[max(0, i-near):min(len(data), i+near)]) {
				return true
			}
			at = i + len(text)
		}
	}
	return false
}

// open parses the file and takes in its reads of variables, if any pattern
// fits in it. A generated file needs nothing that a person could repair.
func (r *Reader) open(ctx context.Context, file source.File, accessors []fact.Accessor, then func(*Reading)) error {
	grammar := r.Grammar(file.Path)
	called := slices.ContainsFunc(accessors, func(a fact.Accessor) bool { return a.Called(file.Data) })
	look := &glance{reader: r, file: file}
	selected, err := r.Needs.Select(grammar, file.Data, func(set map[string]string) bool {
		return look.applies(set) && (set["need"] != "import" || slices.ContainsFunc(accessors, func(a fact.Accessor) bool { return a.Module != "" }))
	})
	if err != nil {
		return err
	}
	if !called && !look.worth(selected) {
		return nil
	}
	tree, err := syntax.Parse(ctx, grammar, file)
	if err == syntax.ErrGenerated {
		return nil
	}
	if err != nil {
		return err
	}

	g := &Reading{reader: r, found: map[string][]*syntax.Match{}}
	told := called
	selected.Matches(tree, func(m *syntax.Match) {
		need := m.Set["need"]
		g.found[need] = append(g.found[need], m)
		told = told || speaks(m.Set)
	})
	if !told {
		return nil
	}
	if g.File, err = flow.New(tree, r.Flow); err != nil {
		return err
	}
	g.imports(accessors)
	for _, m := range slices.Concat(g.found["environment"], g.found["access"], g.found["variable"]) {
		g.take(m)
	}
	for need, own := range r.Own {
		for _, m := range g.found[need] {
			own(g, m)
		}
	}
	then(g)
	return g.File.Err()
}

// mute are what patterns find that is no need without what others find.
var mute = map[string]bool{
	"access": true, "export": true, "import": true, "write": true, "client": true, "quiet": true, "local": true, "link": true, "group": true,
	"router": true, "mount": true, "join": true, "folder": true, "parent": true, "same": true,
}

// speaks reports whether what a pattern finds can be a need by itself.
func speaks(set map[string]string) bool { return !mute[set["need"]] }

// wraps reports whether the data names a package that starts programs.
func (r *Reader) wraps(data []byte) bool {
	filter, ok := wrapping.Load(r)
	if !ok {
		filter, _ = wrapping.LoadOrStore(r, syntax.NewFilter(slices.Sorted(maps.Keys(r.Wraps))))
	}
	return filter.(*syntax.Filter).Fits(data)
}

// wrapping holds, by the reader, the filter of the packages in its Wraps.
var wrapping sync.Map

// holds reports whether the data has one of the texts between the bars.
func holds(data []byte, texts string) bool {
	for text := range strings.SplitSeq(texts, "|") {
		if bytes.Contains(data, []byte(text)) {
			return true
		}
	}
	return false
}

// Reading is what is known of a file while it is read.
type Reading struct {
	File *flow.File

	reader  *Reader
	found   map[string][]*syntax.Match
	reads   []*read
	isRead  map[syntax.ID]bool
	needs   []fact.Need
	browser *bool
	objects map[syntax.ID]map[string]string // expressions for all variables

	joins    map[syntax.ID]*syntax.Match // by the whole; made when they are needed
	handlers map[syntax.ID]bool          // functions, and whether they keep what a user uploads
	deeds    int                         // functions that were looked at for what timers do
}

// inBrowser reports whether the code runs in a browser for certain.
func (g *Reading) inBrowser() bool {
	if g.browser == nil {
		is := slices.ContainsFunc(g.reader.Browser, func(text string) bool {
			return bytes.Contains(g.File.Tree.File.Data, []byte(text))
		})
		g.browser = &is
	}
	return *g.browser
}

// Found returns the places at which the patterns of a need fit.
func (g *Reading) Found(need string) []*syntax.Match { return g.found[need] }

// Add takes in a need as it is.
func (g *Reading) Add(n fact.Need) { g.needs = append(g.needs, n) }

// maxPort is the last port (RFC 9293, section 3.1).
const maxPort = 65535

// finish puts the needs in order. Two patterns may fit the same code: what
// they say alike is said once.
func (g *Reading) finish() []fact.Need {
	g.deployed()
	for i := range g.needs {
		n := &g.needs[i]
		if n.Text = clean(n.Text, ""); n.Text == "" {
			n.Text = clean(string(g.File.Tree.File.Line(n.At.Line)), n.Name)
		}
		if n.Port > maxPort {
			n.Port = 0 // there is no such port
		}
	}
	slices.SortStableFunc(g.needs, func(a, b fact.Need) int {
		return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Name, b.Name), cmp.Compare(a.Method, b.Method))
	})
	return slices.CompactFunc(g.needs, func(a, b fact.Need) bool {
		return a.At == b.At && a.Kind == b.Kind && a.Name == b.Name && a.Method == b.Method
	})
}

// deployed drops the needs of code that runs only where it is developed or
// tested.
func (g *Reading) deployed() {
	for _, m := range g.found["local"] {
		node := m.Node("local")
		from, lines := node.Span(), bytes.Count(node.Bytes(), []byte("\n"))
		last := from.Line + lines
		g.needs = slices.DeleteFunc(g.needs, func(n fact.Need) bool {
			switch at := n.At; {
			case at.Line < from.Line, at.Line > last, at.Line == from.Line && at.Column < from.Column:
				return false
			default:
				return lines > 0 || at.Column < from.Column+len(node.Bytes())
			}
		})
	}
}
