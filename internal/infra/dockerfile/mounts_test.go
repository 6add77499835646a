package dockerfile

import (
	"context"
	"slices"
	"testing"

	"rehearse/internal/fact"
	"rehearse/internal/source"
)

func TestSteps(t *testing.T) {
	def, err := Reader{}.Read(context.Background(), source.File{Path: "Dockerfile", Data: []byte(`ARG BASE=alpine
FROM $BASE
ARG DIR=src
WORKDIR /app
USER node
RUN --mount=type=cache,target=/cache --mount=type=bind,source=$DIR/a.json,target=a.json,from=deps npm ci
COPY --exclude=*.md . .
ADD --unpack=true https://example.com/a.tgz /a
`)})
	if err != nil {
		t.Fatal(err)
	}
	image := def.Images[0]
	if len(image.Args) != 1 || image.Args[0].Name != "BASE" || image.Args[0].Value.Reveal() != "alpine" {
		t.Errorf("arguments above the first stage: %v", image.Args)
	}
	steps := image.Stages[0].Steps
	at := steps[0].At
	want := []fact.Mount{
		{Path: "/cache", Kind: "cache", At: at},
		{Path: "/app/a.json", Kind: "bind", Source: "src/a.json", From: "deps", ReadOnly: true, At: at},
	}
	if !slices.Equal(steps[0].Mounts, want) {
		t.Errorf("mounts: got %+v, want %+v", steps[0].Mounts, want)
	}
	if steps[0].User != "node" || steps[1].User != "node" {
		t.Errorf("users: %q, %q", steps[0].User, steps[1].User)
	}
	if !steps[1].Partial || steps[2].Partial || !steps[2].Unpack || steps[1].Unpack {
		t.Errorf("options: %+v", steps[1:])
	}
}
