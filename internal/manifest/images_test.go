package manifest

import "testing"

func TestImageRuntime(t *testing.T) {
	for image, want := range map[string]struct {
		language Ecosystem
		version  string
	}{
		"node:18-alpine": {Node, "18"}, "docker.io/library/node:20.11.1": {Node, "20.11.1"}, "node:lts-hydrogen": {Node, "18"}, "node:iron-alpine": {Node, "20"},
		"public.ecr.aws/docker/library/python:3.12-slim": {Python, "3.12"}, "cimg/ruby:3.2.2-browsers": {Ruby, "3.2.2"}, "php:8.2.4-fpm": {PHP, "8.2.4"},
		"registry.access.redhat.com/ubi8/nodejs-16": {Node, "16"}, "registry.access.redhat.com/ubi9/python-312:latest": {Python, "3.12"}, "ubi9/go-toolset:1.21": {Go, "1.21"},
		"golang:1.25-alpine3.22": {Go, "1.25"}, "rust:1.70.0-slim": {Rust, "1.70.0"}, "lukemathwalker/cargo-chef:latest-rust-1.72": {Rust, "1.72"},
		"adoptopenjdk:11-jre-hotspot": {Java, "11"}, "openjdk:8u212-jre": {Java, "8"}, "maven:3.9.6-eclipse-temurin-21-alpine": {Java, "21"}, "gradle:8.5-jdk17": {Java, "17"}, "gradle:jdk21": {Java, "21"},
		"maven:3-jdk-11": {Java, "11"}, "gcr.io/distroless/java17-debian12": {Java, "17"}, "eclipse-temurin:21.0.2_13-jre": {Java, "21.0.2"}, "amazoncorretto:17": {Java, "17"}, "tomcat:9.0-jdk11": {Java, "11"},
		"mcr.microsoft.com/dotnet/aspnet:8.0-alpine": {DotNet, "8.0"}, "mcr.microsoft.com/dotnet/sdk:7.0.100": {DotNet, "7.0.100"}, "microsoft/dotnet:2.1-sdk": {DotNet, "2.1"}, "mcr.microsoft.com/dotnet/core/sdk:3.1-buster": {DotNet, "3.1"},
		"dunglas/frankenphp:1-php8.3": {PHP, "8.3"}, "ghcr.io/astral-sh/uv:python3.12-bookworm-slim": {Python, "3.12"}, "phusion/passenger-ruby27:1.0": {Ruby, "2.7"},
		"node:18@sha256:0000": {Node, "18"},
		"node:alpine":         {}, "node": {}, "registry.example.com/base/node:16": {}, "golang:${GO}": {}, "maven:3.9": {}, "python:slim": {}, "acme/golang-tools:1.2": {}, "nodered/node-red:3.1": {}, "gradle:8.5": {},
	} {
		r, ok := ImageRuntime(image)
		if ok != (want.version != "") || r.Range != want.version || ok && r.Language != want.language {
			t.Errorf("%s: %s %s %v; want %s %s", image, r.Language, r.Range, ok, want.language, want.version)
		}
	}
	for image, want := range map[string]Ecosystem{"node": Node, "node:alpine": Node, "docker.io/library/python:slim-bookworm": Python, "node:18": "", "acme/node": "", "nginx:alpine": "", "node:lts": "", "ruby:latest": Ruby} {
		if e, _ := Floats(image); e != want {
			t.Errorf("%s floats: %q, want %q", image, e, want)
		}
	}
}
