package restartunsafe

import (
	"bytes"
	"path"
	"regexp"
	"strings"

	"rehearse/internal/source"
	"rehearse/internal/start"
)

// verdict is what a project's seeds do where they have been sown before.
type verdict int

const (
	unknown verdict = iota // they are not in the tree, or say nothing that is understood
	careful                // they add only what is missing
	again                  // they add or change it once more
)

var (
	// They put their values over those that are there, or begin by taking all away.
	over = regexp.MustCompile(`updateOrCreate|updateOrInsert|update_or_create|\bupsert|deleteMany|delete_all|destroy_all|bulkDelete|\btruncate|TRUNCATE|dropDatabase|DROP TABLE|\.del\(\)|->delete\(\)|objects\.all\(\)\.delete|DELETE FROM`)
	// They add.
	adds = regexp.MustCompile(`->insert\(|::create\(|->create\(|\.create\(|\.create!|bulkInsert|insertMany|insertOne|insert_many|createMany|INSERT INTO|insert into|\.insert\(|->save\(|\.save\(|\.save!|bulk_create|factory\(|FactoryBot|\.add\(|add_all\(`)
	// They look first.
	looks = regexp.MustCompile(`firstOrCreate|firstOrNew|insertOrIgnore|find_or_create|find_or_initialize|first_or_create|get_or_create|findOrCreate|findOrBuild|ON CONFLICT|on conflict|onConflict|INSERT IGNORE|insert_ignore|ignoreDuplicates|skipDuplicates|findFirst|findUnique|findOne|\bexists\(|\.exists\?|->exists\(|doesntExist|\bcount\(|countDocuments|\.any\?|\.none\?|\.count\b|\.first\b|filter_by|find_by|unless |already|WHERE NOT EXISTS`)
)

// comment is a line that says nothing to the machine.
var comment = regexp.MustCompile(`(?m)^\s*(//|#|\*|/\*|--).*$`)

// maxSeeds is how many files of seeds are looked at.
const maxSeeds = 200

// weigh reads the seeds of a project.
func weigh(b *start.Beginning, s start.Step, k kind) (verdict, source.Span) {
	if k.tool == nil || k.tool.files == nil || b.Build == nil {
		return unknown, source.Span{}
	}
	result, at, seen := unknown, source.Span{}, 0
	for _, file := range b.Build.Files() {
		if !k.tool.files.MatchString("/"+file) || strings.Contains(file, "node_modules/") || strings.Contains(file, "vendor/") {
			continue
		}
		if named := class(s); named != "" && path.Base(file) != named+".php" {
			continue
		}
		if seen++; seen > maxSeeds {
			break
		}
		data, ok := b.Build.Read(file)
		if !ok {
			continue
		}
		data = comment.ReplaceAll(data, nil)
		where := over.FindIndex(data)
		if where == nil && adds.Match(data) && !looks.Match(data) {
			where = adds.FindIndex(data)
		}
		switch {
		case where != nil:
			original, _ := b.Build.Read(file)
			line := 0
			if i := bytes.Index(original, data[where[0]:where[1]]); i >= 0 {
				line = 1 + bytes.Count(original[:i], []byte("\n"))
			}
			return again, source.Span{File: b.Build.Source(file), Line: line}
		case result == unknown && looks.Match(data):
			result = careful
		}
	}
	return result, at
}

// class returns the class of seeds that the command names: --class=Settings,
// --seeder=Settings; "" where it names none.
func class(s start.Step) string {
	for i, w := range s.Words {
		for _, option := range []string{"--class", "--seeder"} {
			name, ok := strings.CutPrefix(w, option+"=")
			if w == option && i+1 < len(s.Words) {
				name, ok = s.Words[i+1], true
			}
			if ok {
				return name[strings.LastIndexAny(name, "\\/")+1:]
			}
		}
	}
	return ""
}
