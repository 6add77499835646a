package grow

// language is how one kind of file looks.
type language struct {
	name, ending string
	test         string // what stands before the ending of the name of a test
	manifest     string
	manifestText string
	entry, start string
	dockerfile   string
	head         string   // of every file
	open, end    string   // of a function
	tail         string   // of every file
	lines        []string // in a function
	triggers     []string // what a reader of the language looks for
}

// languages are what a tree is written in. Services are written in those that
// have a manifest.
var languages = []language{
	{
		name: "js", ending: ".js", test: ".test",
		manifest: "package.json", manifestText: "{\n  \"name\": \"NAME\",\n  \"main\": \"STARTFILE\",\n  \"scripts\": {\n    \"start\": \"node STARTFILE\",\n    \"test\": \"jest\"\n  },\n  \"dependencies\": {\"express\": \"^4.19.0\"}\n}\n",
		entry: "server.js", start: "'use strict';\nconst express = require('express');\nconst app = express();\nconst url = process.env.DATABASE_URL;\napp.get('/health', (req, res) => res.send('ok'));\napp.listen(process.env.PORT || PORT, () => {});\n",
		dockerfile: "FROM node:22-slim\nWORKDIR /app\nCOPY package.json .\nRUN npm install\nCOPY . .\nEXPOSE PORT\nCMD [\"node\", \"STARTFILE\"]\n",
		head:       "'use strict';\n\nconst assert = require('node:assert');\n\n",
		open:       "\n/**\n * Takes a «A» and gives back its «B», or null where there is none.\n */\nfunction «A»Of«B»(«A», options = {}) {\n",
		end:        "  return null;\n}\n",
		lines: []string{
			"  const «A» = options.«B» ?? «A»s.find((one) => one.id === «N»);", "  if (!«A» || «A».«B» === undefined) return null;",
			"  for (const «A» of «B».items) total += «A».«C» * «N»;", "  const { «A», «B», ...rest } = options.«C»;",
			"  assert.ok(«A».length < «N», `«B» ${«A».length} is too long`);", "  await Promise.all(«A»s.map((one) => one.«B»(«N»)));",
			"  // The «A» stays in order, so that the «B» can be found again.", "  «A».set('«B»', { ...«C», count: «N» });",
			"  logger.debug({ «A», «B» }, 'the «C» was taken');", "  return «A».filter(({ «B» }) => «B» !== '«C»').slice(0, «N»);",
		},
		triggers: []string{"const «A»Key = process.env.«A»_KEY;", "const «A»Url = process.env.«A»_URL || 'http://localhost:«N»';", "const reply = fetch('http://«A»:8«N»/api');", "const { «A»_TOKEN } = process.env;"},
	},
	{
		name: "ts", ending: ".ts", test: ".spec",
		manifest: "package.json", manifestText: "{\n  \"name\": \"NAME\",\n  \"scripts\": {\n    \"build\": \"tsc\",\n    \"dev\": \"tsx watch STARTFILE\",\n    \"start\": \"node dist/main.js\"\n  }\n}\n",
		entry: "src/main.ts", start: "import { createServer } from 'node:http';\n\nexport const databaseUrl: string = process.env.DATABASE_URL!;\ncreateServer((request, response) => response.end()).listen(Number(process.env.PORT ?? PORT), '0.0.0.0');\n",
		dockerfile: "FROM node:22 AS build\nWORKDIR /app\nCOPY . .\nRUN npm ci && npm run build\nFROM node:22-slim\nCOPY --from=build /app/dist /app/dist\nCMD [\"node\", \"/app/dist/main.js\"]\n",
		head:       "import type { Context, Result } from '../types';\n\n",
		open:       "\nexport interface «A»«B» {\n  readonly id: number;\n  «A»: string;\n  «B»?: readonly string[];\n}\n\nexport async function «A»By«B»(context: Context, «C»: string): Promise<Result<«A»«B»>> {\n",
		end:        "  return { ok: false, reason: 'missing' };\n}\n",
		lines: []string{
			"  const «A» = context.«B».get(«C») as unknown as string;", "  if («A».«B» === null || «A».«B».length > «N») throw new TypeError('«C»');",
			"  type «A»Like = Pick<Record<string, number>, '«B»'>;", "  const «A»: Map<string, number> = new Map([['«B»', «N»]]);",
			"  for await (const «A» of context.«B»()) if («A».«C» > «N») break;", "  // A «A» without «B» is older than the schema.",
			"  return context.«A».map(({ id, «B» }) => ({ id, «B» }));", "  context.log.info('«A» of «B» at «C»', { at: «N» });",
			"  const [«A», ...others] = «B».split('/', «N»);", "  expect(«A».«B»).toBe(«N»);",
		},
		triggers: []string{"export const «A» = process.env.«A»_HOST ?? 'localhost';", "export const «B»: string = process.env['«B»_SECRET']!;", "await fetch(`http://«A»:«N»/v1`);", "export const url = import.meta.env.VITE_«A»_URL;"},
	},
	{
		name: "py", ending: ".py", test: "_test",
		manifest: "requirements.txt", manifestText: "flask==3.0.3\npsycopg[binary]==3.2.1\n",
		entry: "app.py", start: "import os\n\nfrom flask import Flask\n\napp = Flask(__name__)\nDATABASE_URL = os.environ[\"DATABASE_URL\"]\n\n\n@app.get(\"/health\")\ndef health():\n    return \"ok\"\n\n\nif __name__ == \"__main__\":\n    app.run(host=\"0.0.0.0\", port=int(os.getenv(\"PORT\", \"PORT\")))\n",
		dockerfile: "FROM python:3.12-slim\nWORKDIR /app\nCOPY requirements.txt .\nRUN pip install -r requirements.txt\nCOPY . .\nCMD [\"python\", \"STARTFILE\"]\n",
		head:       "\"\"\"What belongs to NAME.\"\"\"\nfrom __future__ import annotations\n\nimport dataclasses\nimport logging\n\nlog = logging.getLogger(__name__)\n\n",
		open:       "\n\ndef «A»_of_«B»(«A», *, «C»=None, limit=«N»):\n    \"\"\"Gives the «B» of a «A», the newest first.\"\"\"\n",
		end:        "    return None\n",
		lines: []string{
			"    «A» = [one for one in «B» if one.«C» < «N»]", "    if not «A» or len(«A») > limit:\n        raise ValueError(\"«B»\")",
			"    with «A».lock() as «B»:\n        «B».update(count=«N»)", "    log.debug(\"%s of %s\", «A», «B»)",
			"    # The «A» is kept, for the «B» is asked for again.", "    result = dataclasses.replace(«A», «B»=«C», size=«N»)",
			"    yield from sorted(«A», key=lambda one: one.«B»)", "    «A»[\"«B»\"] = {\"«C»\": «N», \"kind\": None}",
			"    assert isinstance(«A», «B»), f\"{«A»!r} is none\"", "    for index, «A» in enumerate(«B»[:«N»]):\n        «C».append((index, «A»))",
		},
		triggers: []string{"import os\n«A»_KEY = os.environ[\"«A»_KEY\"]", "import os\n«A»_HOST = os.getenv(\"«A»_HOST\", \"localhost\")", "import requests\nrequests.get(\"http://«A»:«N»/\")"},
	},
	{
		name: "go", ending: ".go", test: "",
		manifest: "go.mod", manifestText: "module example.com/NAME\n\ngo 1.24\n",
		entry: "main.go", start: "package main\n\nimport (\n\t\"log\"\n\t\"net/http\"\n\t\"os\"\n)\n\nvar databaseURL = os.Getenv(\"DATABASE_URL\")\n\nfunc main() {\n\tlog.Fatal(http.ListenAndServe(\":PORT\", nil))\n}\n",
		dockerfile: "FROM golang:1.24 AS build\nWORKDIR /src\nCOPY . .\nRUN go build -o /bin/app .\nFROM gcr.io/distroless/static\nCOPY --from=build /bin/app /bin/app\nENTRYPOINT [\"/bin/app\"]\n",
		head:       "// Package part belongs to NAME.\npackage part\n\nimport (\n\t\"context\"\n\t\"errors\"\n\t\"fmt\"\n)\n\n",
		open:       "\n// find«A» returns the «B» of a «A», and an error where there is none.\nfunc find«A»«N»«B»(ctx context.Context, «C» []string) (int, error) {\n\ttotal := 0\n",
		end:        "\treturn total, errors.New(\"none\")\n}\n",
		lines: []string{
			"\tfor i, one := range «A»s {\n\t\ttotal += i * len(one) // «B»\n\t}", "\tif total > «N» {\n\t\treturn 0, fmt.Errorf(\"«A» %d is too large\", total)\n\t}",
			"\tif err := ctx.Err(); err != nil {\n\t\treturn 0, fmt.Errorf(\"«A» of «B»: %w\", err)\n\t}", "\t«A» := map[string]int{\"«B»\": «N», \"«C»\": total}",
			"\tswitch {\n\tcase total < «N»:\n\t\ttotal++\n\tdefault:\n\t\ttotal--\n\t}", "\t// The «A» comes first, so that the «B» is found.",
			"\tdefer func() { _ = total }()", "\ttotal += copy(make([]string, «N»), «A»s)",
		},
		triggers: []string{"var «A»Key = os.Getenv(\"«A»_KEY\")\n", "var «A»Host, found«B» = os.LookupEnv(\"«A»_HOST\")\n", "var _, _ = http.Get(\"http://«A»:«N»/\")\n"},
	},
	{
		name: "java", ending: ".java", test: "Test",
		manifest: "pom.xml", manifestText: "<project>\n  <modelVersion>4.0.0</modelVersion>\n  <groupId>com.example</groupId>\n  <artifactId>NAME</artifactId>\n  <version>1.0</version>\n  <dependencies>\n    <dependency><groupId>org.springframework.boot</groupId><artifactId>spring-boot-starter-web</artifactId></dependency>\n  </dependencies>\n</project>\n",
		entry: "src/main/java/com/example/Application.java", start: "package com.example;\n\npublic class Application {\n    static final String URL = System.getenv(\"DATABASE_URL\");\n\n    public static void main(String[] args) {\n        SpringApplication.run(Application.class, args);\n    }\n}\n",
		dockerfile: "FROM maven:3.9-eclipse-temurin-21 AS build\nWORKDIR /src\nCOPY . .\nRUN mvn -B package\nFROM eclipse-temurin:21-jre\nCOPY --from=build /src/target/app.jar /app.jar\nENTRYPOINT [\"java\", \"-jar\", \"/app.jar\"]\n",
		head:       "package com.example.part;\n\nimport java.util.List;\n\nclass Part {\n", open: "\n    /** Gives the «B» of a «A». */\n    public List<«A»> find«A»By«B»(String «C») {\n", end: "        return List.of();\n    }\n",
		tail:     "}\n",
		lines:    []string{"        if («A».size() > «N») { throw new IllegalStateException(\"«B»\"); }", "        var «A» = «B».stream().filter(one -> one.«C»() < «N»).toList();", "        log.debug(\"{} of {}\", «A», «B»);", "        // The «A» is immutable.", "        for (var «A» : «B».items()) { total += «A».«C»() * «N»; }"},
		triggers: []string{"    String «A» = System.getenv(\"«A»_URL\");", "    @Value(\"${«A».«B»:«N»}\") private int «A»;"},
	},
	{
		name: "cs", ending: ".cs", test: "Tests",
		manifest: "NAME.csproj", manifestText: "<Project Sdk=\"Microsoft.NET.Sdk.Web\">\n  <PropertyGroup>\n    <TargetFramework>net9.0</TargetFramework>\n  </PropertyGroup>\n</Project>\n",
		entry: "Program.cs", start: "var builder = WebApplication.CreateBuilder(args);\nvar url = Environment.GetEnvironmentVariable(\"DATABASE_URL\");\nvar app = builder.Build();\napp.MapGet(\"/health\", () => \"ok\");\napp.Run();\n",
		dockerfile: "FROM mcr.microsoft.com/dotnet/sdk:9.0 AS build\nWORKDIR /src\nCOPY . .\nRUN dotnet publish -o /app\nFROM mcr.microsoft.com/dotnet/aspnet:9.0\nWORKDIR /app\nCOPY --from=build /app .\nENTRYPOINT [\"dotnet\", \"NAME.dll\"]\n",
		head:       "using System.Linq;\n\nnamespace Example.Part;\n\npublic partial class Part\n{\n", open: "\n    /// <summary>Gives the «B» of a «A».</summary>\n    public IReadOnlyList<«A»> Find«A»By«B»(string «C»)\n    {\n", end: "        return [];\n    }\n",
		tail:     "}\n",
		lines:    []string{"        if («A».Count > «N») throw new InvalidOperationException(\"«B»\");", "        var «A» = «B».Where(one => one.«C» < «N»).ToList();", "        logger.LogDebug(\"{A} of {B}\", «A», «B»);", "        // The «A» is immutable.", "        foreach (var «A» in «B».Items) total += «A».«C» * «N»;"},
		triggers: []string{"    string? «A» = Environment.GetEnvironmentVariable(\"«A»_URL\");", "    int «A» = configuration.GetValue<int>(\"«A»:«B»\", «N»);"},
	},
	{
		name: "php", ending: ".php", test: "Test",
		manifest: "composer.json", manifestText: "{\n  \"name\": \"example/NAME\",\n  \"require\": {\"php\": \"^8.2\"}\n}\n",
		entry: "public/index.php", start: "<?php\n$url = getenv('DATABASE_URL');\necho 'ok';\n",
		dockerfile: "FROM php:8.3-apache\nCOPY . /var/www/html\n",
		head:       "<?php\n\nnamespace App\\Part;\n\nclass Part\n{\n", open: "\n    /** Gives the «B» of a «A». */\n    public function find«A»By«B»(string $«C»): array\n    {\n", end: "        return [];\n    }\n",
		tail:     "}\n",
		lines:    []string{"        if (count($«A») > «N») { throw new \\LogicException('«B»'); }", "        $«A» = array_filter($«B», fn ($one) => $one->«C» < «N»);", "        $this->log->debug('{a} of {b}', ['a' => $«A», 'b' => $«B»]);", "        // The «A» is immutable.", "        foreach ($«B»->items() as $«A») { $total += $«A»->«C» * «N»; }"},
		triggers: []string{"    private $«A» = getenv('«A»_URL');", "    public function «A»() { return $_ENV['«A»_KEY'] ?? '«B»'; }"},
	},
	{
		name: "rb", ending: ".rb", test: "_test",
		manifest: "Gemfile", manifestText: "gem 'sinatra', '4.1.1'\n",
		entry: "app.rb", start: "require 'sinatra'\n\nURL = ENV.fetch('DATABASE_URL')\n\nget '/health' do\n  'ok'\nend\n",
		dockerfile: "FROM ruby:3.4-slim\nWORKDIR /app\nCOPY Gemfile .\nRUN bundle install\nCOPY . .\nCMD [\"ruby\", \"app.rb\"]\n",
		head:       "# What belongs to NAME.\nmodule Part\n", open: "\n  # Gives the «B» of a «A».\n  def find_«A»_by_«B»(«C», limit: «N»)\n", end: "    []\n  end\n",
		tail:     "end\n",
		lines:    []string{"    raise ArgumentError, '«B»' if «A».size > «N»", "    «A» = «B».select { |one| one.«C» < «N» }", "    logger.debug(\"#{«A»} of #{«B»}\")", "    # The «A» is immutable.", "    «B».each { |«A»| total += «A».«C» * «N» }"},
		triggers: []string{"  «A»_URL = ENV.fetch('«A»_URL')", "  «A»_HOST = ENV['«A»_HOST'] || 'localhost'"},
	},
	{
		name: "rs", ending: ".rs", test: "_test",
		manifest: "Cargo.toml", manifestText: "[package]\nname = \"NAME\"\nversion = \"0.1.0\"\nedition = \"2021\"\n",
		entry: "src/main.rs", start: "fn main() {\n    let url = std::env::var(\"DATABASE_URL\").expect(\"DATABASE_URL\");\n    println!(\"{url}\");\n}\n",
		dockerfile: "FROM rust:1.84 AS build\nWORKDIR /src\nCOPY . .\nRUN cargo build --release\nFROM debian:bookworm-slim\nCOPY --from=build /src/target/release/NAME /usr/local/bin/app\nCMD [\"app\"]\n",
		head:       "//! What belongs to NAME.\n\nuse std::collections::HashMap;\n\n", open: "\n/// Gives the «B» of a «A».\npub fn find_«A»_by_«B»_«N»(«C»: &str) -> Vec<String> {\n    let mut total = 0;\n", end: "    Vec::new()\n}\n",
		lines:    []string{"    if «A».len() > «N» { panic!(\"«B»\"); }", "    let «A»: Vec<_> = «B».iter().filter(|one| one.«C» < «N»).collect();", "    tracing::debug!(?«A», ?«B»);", "    // The «A» is immutable.", "    for «A» in &«B» { total += «A».«C» * «N»; }"},
		triggers: []string{"pub fn «A»_url() -> String { std::env::var(\"«A»_URL\").unwrap_or_default() }", "pub fn «B»_key() -> String { std::env::var(\"«B»_KEY\").unwrap() }"},
	},
	{
		name: "sh", ending: ".sh",
		head: "#!/bin/sh\nset -e\n", open: "\n# Gives the «B» of a «A».\nfind_«A»_«B»() {\n", end: "}\n",
		lines:    []string{"  [ -f \"$«A»\" ] || return «N»", "  for «A» in $«B»; do echo \"$«A»\"; done", "  # The «A» comes first.", "  grep -q '«A»' \"$1\" && «B»=«N»"},
		triggers: []string{"echo \"${«A»_URL:?}\"", "curl -fsS \"http://${«A»_HOST:-localhost}:«N»/\""},
	},
	{
		name: "css", ending: ".css",
		head: "/* NAME */\n", open: "\n.«A»-«B»-«N» {\n", end: "}\n",
		lines: []string{"  padding: «N»px;", "  display: grid; /* «A» */", "  color: var(--«A»-«B»);", "  transition: opacity «N»ms ease-in;", "  background: url('../img/«A».svg') no-repeat;"},
	},
	{
		name: "json", ending: ".json",
		open: "{\"«A»\": {", end: "\"last\": null}}\n",
		lines: []string{"\"«A»\": \"«B»\",", "\"«B»«N»\": [«N», «N», true],", "\"«C»\": {\"«A»\": «N»},"},
	},
	{
		name: "md", ending: ".md",
		head: "# NAME\n", open: "\n## The «A» and its «B»\n\n", end: "\n",
		lines: []string{"A «A» has a «B», and a «B» may have «N» of them.", "- «A»: what a «B» is made of", "Set the variable to the «A» of the «B» before you start.", "    make «A»"},
	},
	{
		name: "tsx", ending: ".tsx", test: ".test",
		head: "import { useState } from 'react';\n\n", open: "\nexport function «A»«B»({ «C» }: { «C»: string }) {\n  const [«A», set«A»] = useState(«N»);\n", end: "  return null;\n}\n",
		lines:    []string{"  if («A» > «N») return <span className=\"«B»\">{«C»}</span>;", "  const «B» = () => set«A»((n) => n + «N»);", "  // The «A» is drawn before the «B».", "  useEffect(() => «B».subscribe(«A»), [«A»]);"},
		triggers: []string{"const api«A» = process.env.NEXT_PUBLIC_«A»_URL;"},
	},
}
