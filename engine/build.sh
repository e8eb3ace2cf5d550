#!/bin/sh
# Builds OpenTofu from its Go module, as FOLDER/bin/tofu: no engine's release page has to be reachable, only PyPI and a
# Go module proxy. Takes minutes, and 3 GB for caches that go afterwards.
# Usage: engine/build.sh FOLDER, a virtual environment
set -eu
[ $# -eq 1 ] || { echo "usage: $0 FOLDER" >&2; exit 2; }
here=$(cd "$(dirname "$0")" && pwd)
folder=$(cd "$1" && pwd)
module=github.com/opentofu/opentofu
version=v1.12.6
# What the Go checksum database has for this version. The module's own go.sum, which it covers, pins all others.
sum='h1:0VT4P8pMmGcCUnQ9JDrJ+Qg2d35Vzm4FFd/9+H7oF98='

aside="$folder/engine"
trap 'rm -rf "$aside"' EXIT
rm -rf "$aside"
mkdir -p "$aside/tmp"
# Go 1.26: with 1.27 a dependency of this version does not compile.
"$folder/bin/pip" --quiet --disable-pip-version-check install --target "$aside/wheel" --require-hashes \
  -r "$here/../requirements/engine.txt"
go="$aside/wheel/go/bin/go"
unset GOROOT
export GOPATH="$aside/path" GOMODCACHE="$aside/modules" GOCACHE="$aside/cache" GOTMPDIR="$aside/tmp" GOENV=off
# GOSUMDB: the sums are here and in go.sum; GOTOOLCHAIN: no other Go than this one.
export GOFLAGS='-mod=readonly -modcacherw' GOSUMDB=off GOTOOLCHAIN=local GOWORK=off CGO_ENABLED=0

cd "$aside"
download=$("$go" mod download -json "$module@$version")
got=$(echo "$download" | sed -n 's/^[[:space:]]*"Sum": "\(.*\)",*$/\1/p')
[ "$got" = "$sum" ] || { echo "error: $module@$version has the checksum $got; it must be $sum" >&2; exit 1; }
cd "$GOMODCACHE/$module@$version"
"$go" build -trimpath -buildvcs=false -ldflags "-s -w -X $module/version.dev=no" -o "$aside/tofu" ./cmd/tofu
mv "$aside/tofu" "$folder/bin/tofu"
