package unwritablepath

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"rehearse/internal/fact"
	"rehearse/internal/finding"
	"rehearse/internal/image"
	"rehearse/internal/ledger"
	"rehearse/internal/source"
)

// cached finds a server of Next.js without a place for its cache: it keeps pages
// and images that it has made in .next/cache below its folder
// (https://nextjs.org/docs/app/guides/self-hosting#caching-and-isr).
func cached(c *ledger.Component, r *ledger.Run) (finding.Finding, bool) {
	img := r.Image()
	if img == nil {
		return finding.Finding{}, false
	}
	p, at, ok := nextCache(img)
	if !ok {
		return finding.Finding{}, false
	}
	if writable(r.Workload, p) {
		return finding.Finding{}, false
	}
	w := r.Workload
	f := doc.Finding(finding.Warning, c.Name, r.Environment.Name, p)
	f.Message = fmt.Sprintf("Next.js writes %s, and the root filesystem of %s is read-only, with no volume there", p, w.Name)
	f.Consequence = "pages and images that are made on request are not kept, and each attempt fails: EROFS, read-only file system"
	f.Remedy = fmt.Sprintf("mount an emptyDir or tmpfs at %s", p)
	f.Evidence = []finding.Evidence{
		{Role: finding.Need, At: at, Text: ".next/cache"},
		{Role: finding.Absent, At: w.At, Environment: r.Environment.Name},
	}
	return f, true
}

// nextCache returns where the server of Next.js in an image keeps its cache, and
// the step that copies it.
func nextCache(img *image.Image) (p string, at source.Span, ok bool) {
	steps := img.Definition().Steps
	// What is exported for a server of files has no cache.
	i := slices.IndexFunc(steps, func(s fact.Step) bool {
		return s.Kind == "copy" && path.IsAbs(s.Target) && !strings.Contains(s.Target, "$") && slices.ContainsFunc(s.Sources, built)
	})
	if i < 0 {
		return "", source.Span{}, false
	}
	s := steps[i]
	dir := path.Clean(s.Target)
	for path.Base(dir) == ".next" || path.Base(dir) == "static" {
		dir = path.Dir(dir)
	}
	return path.Join(dir, ".next/cache"), s.At, true
}

// built reports whether a source of a COPY is what next build makes for its
// server.
func built(source string) bool {
	source = strings.TrimSuffix(source, "/")
	return strings.HasSuffix(source, ".next/standalone") || strings.HasSuffix(source, "/.next") || source == ".next"
}
