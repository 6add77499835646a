package packages

import (
	"bytes"
	"path"
	"regexp"
	"strings"

	modules "rehearse/internal/manifest/imports"
	"rehearse/internal/source"
)

// The lists of a settings module of Django that name modules to be loaded at
// start (https://docs.djangoproject.com/en/stable/ref/settings/#installed-apps,
// #middleware), where they stand outside of any condition.
var (
	appList   = regexp.MustCompile(`(?m)^[A-Z_]*(?:_APPS|MIDDLEWARE(?:_CLASSES)?)\s*(?:\+=|=)\s*[\[(]`)
	appName   = regexp.MustCompile(`^\s*['"]([A-Za-z_][\w.]*)['"]\s*,?\s*(?:#.*)?$`)
	appInline = regexp.MustCompile(`['"]([A-Za-z_][\w.]*)['"]`)
	devModule = regexp.MustCompile(`(?i)(?:^|[_./-])(?:dev|develop|development|local|test|tests|testing|ci|example|sample|debug)(?:[_./-]|$)`)
)

// namedApps returns the modules that a settings file has Django load, as imports
// of the line in which each is named.
func namedApps(file source.File) []modules.Import {
	base := path.Base(file.Path)
	if !bytes.Contains(file.Data, []byte("_APPS")) && !bytes.Contains(file.Data, []byte("MIDDLEWARE")) ||
		!strings.Contains(base, "settings") && !strings.Contains(file.Path, "settings/") && !strings.Contains(file.Path, "config/") || devModule.MatchString(file.Path) {
		return nil
	}
	var all []modules.Import
	for _, at := range appList.FindAllIndex(file.Data, 16) {
		offset := at[1]
		for line := range bytes.Lines(file.Data[at[1]:]) {
			text := strings.TrimRight(string(line), "\r\n")
			if m := appName.FindStringSubmatchIndex(text); m != nil {
				all = append(all, modules.Import{Name: text[m[2]:m[3]], Offset: offset + m[2]})
			} else if code, _, _ := strings.Cut(text, "#"); offset == at[1] {
				for _, m := range appInline.FindAllStringSubmatchIndex(code, 32) {
					all = append(all, modules.Import{Name: text[m[2]:m[3]], Offset: offset + m[2]})
				}
			}
			offset += len(line)
			if code, _, _ := strings.Cut(text, "#"); strings.ContainsAny(code, "])") || len(all) > 400 {
				break
			}
		}
	}
	return all
}
