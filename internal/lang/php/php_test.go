package php

import (
	"testing"

	"rehearse/internal/lang/langtest"
)

func TestCases(t *testing.T) { langtest.Run(t, New()) }

func TestHard(t *testing.T) {
	langtest.Hard(t, New(), ".php", `<?php function f() { return getenv("X"); } ?>`)
}

func FuzzRead(f *testing.F) { langtest.Fuzz(f, New()) }

func BenchmarkRead(b *testing.B) { langtest.Bench(b, New(), ".php", head, body) }

const (
	head = `<?php
$dsn = getenv("DATABASE_URL");
`
	body = `
function product(Request $request): Response {
	$id = filter_var($request->query->get('id'), FILTER_VALIDATE_INT);
	if ($id === false) {
		return new JsonResponse(['error' => 'no such product'], 404);
	}
	$row = $this->products->find($id);
	if ($row === null || $row->price() <= 0) {
		$this->logger->error('product {id} is not there', ['id' => $id]);
		throw new NotFound("no product $id");
	}
	$names = array_map(fn ($tag) => strtolower($tag->name), $row->tags());
	return new JsonResponse(['id' => $id, 'name' => $row->name() ?: 'unknown', 'price' => $row->price() / 100, 'tags' => $names]);
}
`
)
