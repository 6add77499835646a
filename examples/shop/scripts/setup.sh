#!/bin/sh
# Makes a fresh machine ready to work on the shop.
set -eu
cd "$(dirname "$0")/.."

if [ ! -f .env ]; then
	cat >.env <<-END
	DATABASE_URL=postgres://shop:shop@localhost:5432/shop
	REDIS_URL=redis://localhost:6379
	SESSION_SECRET=$(openssl rand -hex 24)
	HOLD_FOR=15m
	END
fi

# Photos are cut to size with ImageMagick.
if ! command -v convert >/dev/null; then
	if command -v brew >/dev/null; then
		brew install imagemagick
	else
		sudo apt-get install -y imagemagick
	fi
fi

mkdir -p uploads
docker compose up -d --wait
go mod download
(cd web && npm install)

echo "Ready. Now: go run ./api, go run ./worker, and npm start in web."
