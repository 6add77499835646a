package project

import (
	"path"
	"regexp"
	"strings"
)

// gradleModule is a module of the same build that another asks for: by its path,
// or by the accessor that Gradle makes of it
// (https://docs.gradle.org/current/userguide/declaring_dependencies_basics.html#sec:project-dependencies).
var gradleModule = regexp.MustCompile(`\bproject\(\s*(?:path\s*[:=]\s*)?["']:?([\w:.-]+)["']|\bprojects((?:\.[a-z]\w*)+)`)

// gradleModules returns the names of the folders of the modules that a build
// file asks for.
func gradleModules(data []byte) []string {
	var names []string
	for _, m := range gradleModule.FindAllSubmatch(data, -1) {
		if name := string(m[1]); name != "" {
			names = append(names, name[strings.LastIndexByte(name, ':')+1:])
			continue
		}
		accessor := string(m[2])
		accessor = accessor[strings.LastIndexByte(accessor, '.')+1:]
		names = append(names, accessor, kebab(accessor))
	}
	return names
}

// kebab writes the words of a name in camel case with dashes between them.
func kebab(name string) string {
	return strings.ToLower(humps.ReplaceAllString(name, "$1-$2"))
}

var humps = regexp.MustCompile(`([a-z0-9])([A-Z])`)

// dotnetProject is a reference of a project of .NET to another
// (https://learn.microsoft.com/en-us/visualstudio/msbuild/common-msbuild-project-items#projectreference).
var dotnetProject = regexp.MustCompile(`<ProjectReference\s[^>]*Include\s*=\s*"([^"]+)"`)

// dotnetProjects returns the names of the projects that one refers to.
func dotnetProjects(data []byte) []string {
	var names []string
	for _, m := range dotnetProject.FindAllSubmatch(data, -1) {
		base := path.Base(strings.ReplaceAll(string(m[1]), `\`, "/"))
		names = append(names, strings.TrimSuffix(base, path.Ext(base)))
	}
	return names
}
