package ledger_test

import (
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"rehearse/internal/fact"
	"rehearse/internal/ledger"
)

const shopInPHP = `
-- composer.json --
{"name": "shop/api"}
-- artisan --
<?php
-- public/index.php --
<?php
$dsn = getenv('DATABASE_URL');
-- entrypoint.sh --
#!/bin/sh
psql "$NEEDED_AT_START"
. /app/more.sh
envsubst < /etc/app.template > /etc/app.conf
exec "$@"
-- more.sh --
serve "$NEEDED_IN_TURN"
-- setup.sh --
#!/bin/sh
serve "$NEEDED_BY_DEVELOPERS"
-- .env.example --
FROM_EXAMPLE=1
`

// TestWake holds the ledger to it that a script's needs are those of a run that
// starts it.
func TestWake(t *testing.T) {
	l := read(t, txtar.Parse([]byte(shopInPHP+`
-- Dockerfile --
FROM php:8.3-cli
WORKDIR /app
COPY . .
ENTRYPOINT ["/app/entrypoint.sh"]
CMD ["php", "artisan", "serve"]
-- compose.yaml --
services:
  api:
    build: .
    image: shop/api
  other:
    build: .
    image: shop/api
    entrypoint: ["php", "artisan", "queue:work"]
`)))
	c := l.Component("shop")
	if c == nil {
		t.Fatalf("components: %v", l.Components)
	}
	var needed []string
	for _, n := range c.Needs {
		if n.Kind == fact.Variable {
			needed = append(needed, n.Name)
		}
	}
	if want := []string{"NEEDED_AT_START", "NEEDED_IN_TURN", "DATABASE_URL"}; !slices.Equal(needed, want) {
		t.Errorf("needed are %v, not %v", needed, want)
	}
	for _, r := range c.Production() {
		if starts := r.Reads(c, "NEEDED_AT_START"); starts != (r.Workload.Name == "api") {
			t.Errorf("%s reads what the script does: %v", r.Workload.Name, starts)
		}
		if !r.Reads(c, "DATABASE_URL") {
			t.Errorf("%s does not read what the code does", r.Workload.Name)
		}
	}
}

// TestBake holds the ledger to it that a file of variables in production is
// known where it is in the image, and not where it is written or mounted.
func TestBake(t *testing.T) {
	for name, test := range map[string]struct {
		image, service string
		want           ledger.State
	}{
		"none":               {"", "", ledger.Absent},
		"made of an example": {"RUN cp .env.example .env", "", ledger.Supplied},
		"and removed":        {"RUN cp .env.example .env && rm .env", "", ledger.Absent},
		"mounted":            {"", "    volumes: ['./.env:/app/.env']", ledger.Unknown},
		"made at the start":  {"", "    command: sh -c 'cp .env.example .env && php artisan serve'", ledger.Supplied},
	} {
		t.Run(name, func(t *testing.T) {
			l := read(t, txtar.Parse([]byte(strings.Join([]string{shopInPHP,
				"-- Dockerfile --", "FROM php:8.3-cli", "WORKDIR /app", "COPY . .", test.image,
				"-- compose.yaml --", "services:", "  api:", "    build: .", "    image: shop/api", test.service, ""}, "\n"))))
			r := l.Component("shop").Production()[0]
			if _, _, state := r.Variable("FROM_EXAMPLE"); state != test.want {
				t.Errorf("the variable is %v, not %v", state, test.want)
			}
		})
	}
}

// TestTemplates holds the ledger to it that a template's needs are those of a
// container in which something fills it in.
func TestTemplates(t *testing.T) {
	for name, test := range map[string]struct {
		files []string
		want  bool
	}{
		"nobody":              {[]string{"FROM nginx", "COPY conf/web.conf.template /tmp/"}, false},
		"the entry point":     {[]string{"FROM nginx", "COPY conf/web.conf.template /etc/nginx/templates/"}, true},
		"the command":         {[]string{"FROM nginx", "COPY conf/web.conf.template /etc/web.conf.template", `CMD ["sh", "-c", "envsubst < /etc/web.conf.template > /etc/web.conf && nginx"]`}, true},
		"of other variables":  {[]string{"FROM nginx", "COPY conf/web.conf.template /etc/web.conf.template", `CMD ["sh", "-c", "envsubst '$OTHER' < /etc/web.conf.template > /etc/web.conf && nginx"]`}, false},
		"of these variables":  {[]string{"FROM nginx", "COPY conf/web.conf.template /etc/web.conf.template", `CMD ["sh", "-c", "envsubst '$BACKEND' < /etc/web.conf.template > /etc/web.conf && nginx"]`}, true},
		"a program that does": {[]string{"FROM caddy", "COPY conf/Caddyfile /etc/caddy/Caddyfile"}, true},
	} {
		t.Run(name, func(t *testing.T) {
			l := read(t, txtar.Parse([]byte(strings.Join(append([]string{
				"-- web/conf/web.conf.template --", "proxy_pass http://${BACKEND};",
				"-- web/conf/Caddyfile --", "reverse_proxy {$BACKEND}",
				"-- compose.yaml --", "services:", "  web:", "    build: web", "    image: shop/web",
				"-- web/Dockerfile --"}, append(test.files, "")...), "\n"))))
			c := l.Component("web")
			if needed := slices.ContainsFunc(c.Needs, func(n fact.Need) bool { return n.Name == "BACKEND" }); needed != test.want {
				t.Errorf("it is needed: %v, in %v", needed, c.Needs)
			}
		})
	}
}
