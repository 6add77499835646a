package project

import (
	"strings"
	"testing"
)

func TestModules(t *testing.T) {
	gradle := `dependencies {
		implementation project(":shared:common")
		implementation(project(path: ':orders', configuration: 'x'))
		implementation(projects.shared.eventBus)
		implementation("org.example:projects:1.0")
	}`
	if got := strings.Join(gradleModules([]byte(gradle)), " "); got != "common orders eventBus event-bus" {
		t.Errorf("modules of Gradle: %s", got)
	}
	csproj := `<ItemGroup><ProjectReference Include="..\\Shop.Common\\Shop.Common.csproj" /><ProjectReference Include="../B.csproj"/></ItemGroup>`
	csproj = strings.ReplaceAll(csproj, `\\`, `\`)
	if got := strings.Join(dotnetProjects([]byte(csproj)), " "); got != "Shop.Common B" {
		t.Errorf("projects of .NET: %s", got)
	}
}
