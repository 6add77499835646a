package stage

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"sort"
	"strings"
)

// Change is a path that a replica wrote, changed or removed below one of its
// overlays.
type Change struct {
	Path    string // as the replica saw it
	Size    int64  // bytes; 0 for a removed one
	Removed bool
}

// maxChanges bounds what Written lists.
const maxChanges = 10000

// Written lists, in order, the files that the replica has written below the
// target of its overlays so far, or removed; folders are not listed. It costs
// nothing while the replica runs: it reads the upper layers. What Start itself
// put there is listed too: Files, Hide, and the files of names in /etc. After the
// stage is closed, and on a plain stage, there is nothing to read.
func (p *Process) Written(ctx context.Context, target string) ([]Change, error) {
	if p.stage.box == nil {
		return nil, fmt.Errorf("what was written on a plain stage: %w", errors.ErrUnsupported)
	}
	layers, err := p.stage.box.Layers(ctx, p.id)
	if err != nil {
		return nil, err
	}
	var out []Change
	for at, dir := range layers {
		defer dir.Close()
		if at != path.Clean(target) && !strings.HasPrefix(at, strings.TrimSuffix(path.Clean(target), "/")+"/") {
			continue
		}
		// Not by its name, which does not exist on the machine, but through its descriptor.
		root := layerFS(dir)
		err := fs.WalkDir(root, ".", func(name string, entry fs.DirEntry, err error) error {
			if err != nil || entry.IsDir() {
				return err
			}
			if len(out) == maxChanges {
				return fmt.Errorf("more than %d files were written below %s", maxChanges, at)
			}
			info, err := entry.Info()
			if err != nil {
				return err
			}
			// A character device 0/0 is a whiteout (kernel documentation, filesystems/overlayfs).
			removed := info.Mode()&fs.ModeCharDevice != 0
			out = append(out, Change{Path: path.Join(at, name), Size: info.Size(), Removed: removed})
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	sort.Slice(out, func(i, j int) bool { return out[i].Path < out[j].Path })
	return out, nil
}
