// Package csharp reads C#, and the files of settings of .NET.
package csharp

import (
	"context"
	_ "embed"
	"path"
	"regexp"

	"rehearse/internal/fact"
	"rehearse/internal/lang"
	"rehearse/internal/source"
	"rehearse/internal/syntax"
	"rehearse/internal/syntax/pattern"
)

var (
	//go:embed flow.scm
	flowText string
	//go:embed needs.scm
	needsText string
	//go:embed machine.scm
	machineText string
)

// Library marks the needs and settings whose variables go by the name of a
// setting of .NET.
const Library = "dotnet"

// reader reads C# itself, and the settings beside it.
type reader struct{ *pattern.Reader }

var csharp = &pattern.Reader{
	Name:  "csharp",
	Files: []string{".cs"},
	Texts: []string{
		"GetEnvironmentVariable(", "DotNetEnv", "onfiguration[\"", "onfig[\"", "GetConnectionString(", "GetValue<", "GetSection(", "GetRequiredSection(",
		"AddAzureKeyVault", "AddAzureAppConfiguration", "AddSystemsManager", "SecretsManager(", "AddConsul", "AddVault", "AddKeyPerFile", "AddServiceDefaults", "AddServiceDiscovery", "AddJsonFile(", "AddEnvironmentVariables(\"", "AddEnvironmentVariables(prefix", "AddDaprSecretStore",
		"\"http://", "\"ws://", "localhost", "127.0.0.1", "redis://", "amqp://", "mongodb://", "Server=", "Host=", "Data Source=", "ConnectionMultiplexer.Connect", "HostName =", "BootstrapServers", "AddStackExchangeRedis",
		"UseUrls(", "WebApplication.Create", ".Urls.Add(", "ListenAnyIP(", "ListenLocalhost(", ".Listen(IPAddress", "TcpListener(",
		"MapGet(", "MapPost(", "MapPut(", "MapDelete(", "MapHealthChecks(", "MapHub", "[HttpGet", "[HttpPost", "[HttpPut", "[HttpDelete", "[HttpPatch",
		"File.", "Directory.", "FileStream(", "StreamReader(", "StreamWriter(", "PersistKeysToFileSystem(", "Process.Start(", "ProcessStartInfo",
		"AddSession(", "AddSignalR(", "WindowLimiter(", "BucketLimiter(", "AddInMemoryRateLimiting(", "WithCronSchedule(", "PeriodicTimer(", "new Timer(",
	},
	Grammar:  func(string) *syntax.Language { return syntax.CSharp },
	Flow:     syntax.NewQuery(flowText),
	Needs:    syntax.NewQuery(needsText + machineText),
	Indirect: regexp.MustCompile(`GetEnvironmentVariable\(\s*[a-z]`),
	Own: map[string]func(*pattern.Reading, *syntax.Match){
		"setting": setting, "source": elsewhere, "prefixed": prefixed, "urls": urls, "connection": connected, "mapping": mapping,
	},
}

// New returns the reader of C#.
func New() lang.Follower { return reader{csharp} }

var _ lang.Namer = reader{}

// Names reports whether a file is one of settings, which its ending does not
// tell.
func (reader) Names(file string) bool { return settingsName.MatchString(path.Base(file)) }

// Read returns the needs of the code or the settings in the file.
func (r reader) Read(ctx context.Context, file source.File) ([]fact.Need, error) {
	return r.ReadWith(ctx, file, nil)
}

// ReadWith returns the needs of the code in the file, with calls of the
// accessors taken for reads of variables.
func (r reader) ReadWith(ctx context.Context, file source.File, accessors []fact.Accessor) ([]fact.Need, error) {
	if r.Names(file.Path) {
		return settings(file)
	}
	return r.Reader.ReadWith(ctx, file, accessors)
}

// Accessors returns the functions in the file that read a variable which their
// caller names.
func (r reader) Accessors(ctx context.Context, file source.File) ([]fact.Accessor, error) {
	if r.Names(file.Path) {
		return nil, nil
	}
	return r.Reader.Accessors(ctx, file)
}

// Triggers returns the texts of which code holds one, and what every file of
// settings has.
func (r reader) Triggers() []string { return triggers }

var triggers = append([]string{"\": \"", "\":\""}, csharp.Texts...)
