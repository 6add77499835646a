package manifest

import (
	"regexp"
	"strings"

	"rehearse/internal/source"
)

// The places in which builds of Java say for which release they compile, those
// that count for more first
// (https://maven.apache.org/plugins/maven-compiler-plugin/compile-mojo.html#release,
// https://docs.spring.io/spring-boot/maven-plugin/using.html#using.parent-pom).
var mavenReleases = []*regexp.Regexp{
	regexp.MustCompile(`<maven\.compiler\.release>\s*([^<]*?)\s*</maven\.compiler\.release>`),
	regexp.MustCompile(`<release>\s*([\d.]+|\$\{[\w.-]+\})\s*</release>`),
	regexp.MustCompile(`<maven\.compiler\.target>\s*([^<]*?)\s*</maven\.compiler\.target>`),
	regexp.MustCompile(`<java\.version>\s*([^<]*?)\s*</java\.version>`),
}

// gradleReleases are those of Gradle
// (https://docs.gradle.org/current/userguide/toolchains.html,
// https://docs.gradle.org/current/userguide/building_java_projects.html#sec:java_cross_compilation).
var gradleReleases = []*regexp.Regexp{
	regexp.MustCompile(`(?m)^[^/\n]*\boptions\.release(?:\.set\(|\s*=)\s*(\d+)`),
	regexp.MustCompile(`(?m)^[^/\n]*\btargetCompatibility\s*=?\s*(?:JavaVersion\.VERSION_)?["']?([\d_.]+)`),
	regexp.MustCompile(`(?m)^[^/\n]*\bsourceCompatibility\s*=?\s*(?:JavaVersion\.VERSION_)?["']?([\d_.]+)`),
	regexp.MustCompile(`(?m)^[^/\n]*\bjvmToolchain\(\s*(\d+)`),
	regexp.MustCompile(`(?m)^[^/\n]*\bJavaLanguageVersion\.of\(\s*["']?(\d+)`),
}

// mavenProperty is a reference to a property.
var mavenProperty = regexp.MustCompile(`^\$\{([\w.-]+)\}$`)

// jvm reads the release of Java that a build is for. Where a file says several
// that differ, none is taken.
func jvm(file source.File) (*Manifest, error) {
	m := &Manifest{Ecosystem: Java}
	patterns, kind := gradleReleases, "the release that the build is for"
	if strings.HasSuffix(file.Path, ".xml") {
		patterns = mavenReleases
	} else {
		m.Dependencies = gradleDependencies(file)
	}
	for _, p := range patterns {
		found := p.FindAllSubmatchIndex(file.Data, 8)
		version, at := "", 0
		for _, f := range found {
			v := string(file.Data[f[2]:f[3]])
			if ref := mavenProperty.FindStringSubmatch(v); ref != nil {
				v = ""
				if d := regexp.MustCompile(`<` + regexp.QuoteMeta(ref[1]) + `>\s*([\d.]+)\s*</`).FindSubmatch(file.Data); d != nil {
					v = string(d[1])
				}
			}
			v = strings.TrimPrefix(strings.ReplaceAll(v, "_", "."), "1.")
			if v == "" || version != "" && v != version || strings.Trim(v, "0123456789") != "" {
				return m, nil
			}
			version, at = v, f[2]
		}
		if version != "" {
			m.Runtimes = []Runtime{{Language: Java, Range: ">=" + version, Text: version, At: source.Span{File: file.Path, Line: lineOf(file.Data, at)}, Demand: true, Kind: kind}}
			return m, nil
		}
	}
	return m, nil
}

// The frameworks that a project of .NET is built for
// (https://learn.microsoft.com/en-us/dotnet/standard/frameworks).
var (
	frameworks = regexp.MustCompile(`<TargetFrameworks?>\s*([^<]*?)\s*</TargetFrameworks?>`)
	framework  = regexp.MustCompile(`^net(?:coreapp)?(\d+\.\d+)(?:-.*)?$`)
	assembly   = regexp.MustCompile(`<AssemblyName>\s*([^<]*?)\s*</AssemblyName>`)
)

// msbuild reads a project of .NET, or the properties that several share
// (https://learn.microsoft.com/en-us/visualstudio/msbuild/customize-by-directory).
func msbuild(file source.File) (*Manifest, error) {
	m := &Manifest{Ecosystem: DotNet}
	if name := assembly.FindSubmatch(file.Data); name != nil && !strings.Contains(string(name[1]), "$") {
		m.Name = string(name[1])
	}
	text := string(file.Data)
	// What takes another version than the one it was built for, or brings its own.
	m.Dynamic = strings.Contains(text, "<RollForward>") || strings.Contains(text, "<SelfContained>true") || strings.Contains(text, "<PublishAot>true")
	all := frameworks.FindAllStringSubmatchIndex(text, 2)
	if len(all) != 1 {
		return m, nil // none, or a choice between them
	}
	var versions []string
	for _, name := range strings.Split(text[all[0][2]:all[0][3]], ";") {
		v := framework.FindStringSubmatch(strings.TrimSpace(name))
		if v == nil {
			return m, nil // another platform's, or a standard that all have
		}
		versions = append(versions, v[1])
	}
	m.Runtimes = []Runtime{{
		Language: DotNet, Range: strings.Join(versions, " || "), Text: text[all[0][2]:all[0][3]], At: source.Span{File: file.Path, Line: lineOf(file.Data, all[0][0])}, Demand: true, Kind: "TargetFramework",
	}}
	return m, nil
}
