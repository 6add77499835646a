package missingfile

import (
	"bytes"
	"path"
	"regexp"
	"slices"
	"strings"

	"rehearse/internal/finding"
	"rehearse/internal/image"
)

// The references of projects to projects
// (https://learn.microsoft.com/visualstudio/msbuild/common-msbuild-project-items,
// https://learn.microsoft.com/visualstudio/extensibility/internals/solution-dot-sln-file).
var (
	projectReference = regexp.MustCompile(`<ProjectReference\s[^>]*Include\s*=\s*"([^"$*]+)"([^>]*)`)
	solutionProject  = regexp.MustCompile(`(?m)^Project\("\{[0-9A-Fa-f-]+\}"\)\s*=\s*"[^"]*",\s*"([^"]+\.(?:cs|fs|vb)proj)"`)
	solutionEntry    = regexp.MustCompile(`<Project\s[^>]*Path\s*=\s*"([^"]+\.(?:cs|fs|vb)proj)"`)
	propertyImport   = regexp.MustCompile(`<Import\s[^>]*Project\s*=\s*"([^"$*]+\.(?:props|targets))"([^>]*)`)
)

// dotnet follows the projects that a project or solution refers to.
func (w *work) dotnet() {
	if !w.verb("build", "publish", "restore", "test", "pack") {
		return
	}
	restores := w.verb("restore")
	file := ""
	for _, a := range w.args[1:] {
		if a.Whole && !strings.HasPrefix(a.Text, "-") && slices.Contains([]string{".csproj", ".fsproj", ".vbproj", ".sln", ".slnx"}, path.Ext(a.Text)) {
			file = path.Clean(strings.ReplaceAll(a.Text, `\`, "/"))
			break
		}
	}
	if file == "" {
		if file = w.onlyProject(); file == "" {
			return
		}
	}
	if path.IsAbs(file) {
		return
	}
	w.references(file, restores, map[string]bool{})
	if restores && w.unrestored() || !restores && !w.flag("--no-restore") {
		w.central(file)
	}
}

// onlyProject returns the one project or solution of the folder.
func (w *work) onlyProject() string {
	only := ""
	prefix := prefixed(w.dir)
	files := w.build.Files()
	for i, _ := slices.BinarySearch(files, prefix); i < len(files) && strings.HasPrefix(files[i], prefix); i++ {
		name := files[i][len(prefix):]
		if strings.Contains(name, "/") || !slices.Contains([]string{".csproj", ".fsproj", ".vbproj", ".sln", ".slnx"}, path.Ext(name)) || w.looks(name).State != image.Present {
			continue
		}
		if only != "" {
			return ""
		}
		only = name
	}
	return only
}

// references reports what a project that is in the image refers to and is not.
// A restore passes over a project that is missing; of a solution it does not.
func (w *work) references(file string, restores bool, seen map[string]bool) {
	if seen[file] || len(seen) > 300 {
		return
	}
	seen[file] = true
	data, ok := w.read(file)
	if !ok || w.looks(file).State != image.Present {
		return
	}
	solution := path.Ext(file) == ".sln" || path.Ext(file) == ".slnx"
	var found [][][]byte
	if solution {
		found = append(solutionProject.FindAllSubmatch(data, -1), solutionEntry.FindAllSubmatch(data, -1)...)
	} else {
		found = append(projectReference.FindAllSubmatch(data, -1), propertyImport.FindAllSubmatch(data, -1)...)
	}
	for _, m := range found {
		if len(m) > 2 && bytes.Contains(m[2], []byte("Condition")) || bytes.Contains(m[0], []byte("Condition")) {
			continue
		}
		to := path.Join(path.Dir(file), strings.ReplaceAll(string(m[1]), `\`, "/"))
		severity := finding.Error
		if restores && !solution && strings.HasSuffix(to, "proj") {
			severity = finding.Warning
			if !w.unrestored() {
				w.references(to, restores, seen)
				continue // a later step restores again
			}
		}
		if !w.lacks(to, severity, file, broken) {
			w.references(to, restores, seen)
		}
	}
}

// unrestored reports whether a later step builds with what was restored here.
func (w *work) unrestored() bool {
	return slices.ContainsFunc(w.occasion.Calls, func(c image.Call) bool {
		name, args := tool(c)
		later := work{name: name, args: args}
		return name == "dotnet" && later.verb("build", "publish") && later.flag("--no-restore")
	})
}

// central is the file that the versions of all packages stand in
// (https://learn.microsoft.com/nuget/consume-packages/central-package-management).
func (w *work) central(project string) {
	own, ok := w.read(project)
	if !ok {
		return
	}
	for dir := path.Dir(project); ; dir = path.Dir(dir) {
		versions, build := path.Join(dir, "Directory.Packages.props"), path.Join(dir, "Directory.Build.props")
		if data, ok := w.read(versions); ok && bytes.Contains(data, []byte("PackageVersion")) {
			w.lacks(versions, finding.Error, "", "the packages have no versions: the restore stops, or takes the lowest ones")
		}
		if data, ok := w.read(build); ok && bytes.Contains(data, []byte("TargetFramework")) && !bytes.Contains(own, []byte("TargetFramework")) && path.Ext(project) == ".csproj" {
			w.lacks(build, finding.Error, "", broken)
		}
		if dir == "." || strings.HasPrefix(dir, "..") {
			return
		}
	}
}

var (
	mavenModules = regexp.MustCompile(`(?s)<modules>(.*?)</modules>`)
	mavenModule  = regexp.MustCompile(`<module>\s*([^<$]+?)\s*</module>`)
	mavenProfile = regexp.MustCompile(`(?s)<profiles>.*?</profiles>|<!--.*?-->`)
)

// maven is the modules of a project: each of them has to be there, also where
// others alone are built
// (https://maven.apache.org/guides/mini/guide-multiple-modules.html).
func (w *work) maven() {
	if w.flag("-f", "--file", "-v", "--version", "-N", "--non-recursive") || w.looks("pom.xml").State != image.Present {
		return
	}
	w.mavenModules("pom.xml", map[string]bool{})
}

func (w *work) mavenModules(pom string, seen map[string]bool) {
	data, ok := w.read(pom)
	if !ok || seen[pom] || len(seen) > 200 {
		return
	}
	seen[pom] = true
	data = mavenProfile.ReplaceAll(data, nil)
	for _, list := range mavenModules.FindAllSubmatch(data, -1) {
		for _, m := range mavenModule.FindAllSubmatch(list[1], -1) {
			to := path.Join(path.Dir(pom), string(m[1]))
			if path.Ext(to) != ".xml" {
				to = path.Join(to, "pom.xml")
			}
			if !w.lacks(to, finding.Error, pom, broken) {
				w.mavenModules(to, seen)
			}
		}
	}
}

var gradleApply = regexp.MustCompile(`(?m)^\s*apply\s*\(?\s*from\s*[:=]\s*["'](?:\$rootDir/|\$\{rootDir\}/|\./)?([\w./-]+\.gradle(?:\.kts)?)["']`)

// gradle is what the build files of Gradle name: settings, catalogs of
// versions, other build files
// (https://docs.gradle.org/current/userguide/organizing_gradle_projects.html).
func (w *work) gradle() {
	if w.flag("-p", "--project-dir", "-b", "--version", "wrapper") || w.verb("wrapper") {
		return
	}
	for _, build := range []string{"build.gradle", "build.gradle.kts"} {
		data, ok := w.read(build)
		if !ok || w.looks(build).State != image.Present {
			continue
		}
		for _, settings := range []string{"settings.gradle", "settings.gradle.kts"} {
			if text, ok := w.read(settings); ok && (bytes.Contains(text, []byte("include")) || bytes.Contains(text, []byte("pluginManagement"))) {
				w.lacks(settings, finding.Warning, "", "gradle builds without the projects and plugins that it names")
			}
		}
		if bytes.Contains(data, []byte("libs.")) && w.has("gradle/libs.versions.toml") {
			w.lacks("gradle/libs.versions.toml", finding.Error, build, broken)
		}
		for _, m := range gradleApply.FindAllSubmatch(data, -1) {
			w.lacks(path.Clean(string(m[1])), finding.Error, build, broken)
		}
	}
}
