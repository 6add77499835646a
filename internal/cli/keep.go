package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"mvdan.cc/sh/v3/syntax"

	"rehearse/internal/experiment"
	"rehearse/internal/finding"
)

// casesDir is where reproduced findings are kept, below the project's root.
const casesDir = ".rehearse"

// keep writes the reproduced cases down, and into each finding the command that
// plays it again. Git is told to ignore the folder. What a project has in the
// place of the folder or of a file is not followed: it may lead anywhere.
func keep(r *reading, session *experiment.Session) error {
	if len(session.Cases) == 0 {
		return nil
	}
	dir, err := openCases(r.project.Dir)
	if err != nil {
		return err
	}
	defer dir.Close()
	if err := replace(dir, ".gitignore", []byte("*\n")); err != nil {
		return err
	}
	for _, k := range session.Cases {
		text, err := json.MarshalIndent(k, "", "  ")
		if err != nil {
			return err
		}
		name := k.Fingerprint + ".json"
		if err := replace(dir, name, append(text, '\n')); err != nil {
			return err
		}
		file, err := syntax.Quote(filepath.ToSlash(filepath.Join(r.project.Dir, casesDir, name)), syntax.LangPOSIX)
		if err != nil {
			return err
		}
		for i := range r.findings {
			if f := &r.findings[i]; f.Verdict == finding.Reproduced && f.Fingerprint() == k.Fingerprint {
				f.Rehearsal.Replay = "rehearse replay " + file
			}
		}
	}
	return nil
}

// openCases opens the folder of the cases of a project, and makes it where it is
// missing.
func openCases(project string) (*os.Root, error) {
	root, err := os.OpenRoot(project)
	if err != nil {
		return nil, err
	}
	defer root.Close()
	if err := root.Mkdir(casesDir, 0o755); err != nil && !errors.Is(err, fs.ErrExist) {
		return nil, err
	}
	info, err := root.Lstat(casesDir)
	if err != nil {
		return nil, err
	}
	if !info.IsDir() {
		return nil, fmt.Errorf("%s is no folder", casesDir)
	}
	return root.OpenRoot(casesDir)
}

// replace writes a file anew: what has its name is taken away, and not written to.
func replace(dir *os.Root, name string, data []byte) error {
	if err := dir.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	file, err := dir.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return err
	}
	_, err = file.Write(data)
	return errors.Join(err, file.Close())
}
