#!/bin/sh
# Puts a redis-server that speaks TLS into a folder, as FOLDER/bin/redis-server, from Debian's packages, without root.
# Usage: redis-server.sh FOLDER
# No PyPI wheel with one was found that speaks TLS. Nothing happens where there is one, on the PATH or in FOLDER.
set -eu
[ $# -eq 1 ] || { echo "usage: $0 FOLDER" >&2; exit 2; }
folder=$(mkdir -p "$1" && cd "$1" && pwd)
if [ -x "$folder/bin/redis-server" ] || command -v redis-server >/dev/null; then exit 0; fi
command -v apt-get >/dev/null || {
  echo "$0: neither redis-server nor apt-get found; install Redis 7 with TLS so that redis-server is on the PATH" >&2
  exit 1
}

aside=$(mktemp -d)
trap 'rm -rf "$aside"' EXIT
mkdir -p "$aside/lists/partial" "$aside/cache/archives/partial" "$aside/debs"
# apt's own folders belong to root, and its download user may not write into ours.
apt="-qq -o Dir::State::Lists=$aside/lists -o Dir::Cache=$aside/cache -o APT::Sandbox::User= -o Debug::NoLocking=1"
# Lists are read once for all calls, which images of containers switch off, and not those that are for people to browse.
apt="$apt -o Dir::Cache::pkgcache=pkgcache.bin -o Acquire::Languages=none"
apt="$apt -o Acquire::IndexTargets::deb::DEP-11::DefaultEnabled=false"
apt-get $apt update
# What an installation would add to this system: the server and those of its libraries that are not here.
packages=$(apt-get $apt --simulate --no-install-recommends install redis-server | sed -n 's/^Inst \([^ ]*\).*/\1/p')
(cd "$aside/debs" && apt-get $apt download $packages)

for package in "$aside"/debs/*.deb; do dpkg-deb --extract "$package" "$aside/root"; done
rm -rf "$folder/redis"
mv "$aside/root" "$folder/redis"
mkdir -p "$folder/bin"
cat > "$aside/redis-server" <<WRAPPER
#!/bin/sh
export LD_LIBRARY_PATH="$(echo "$folder"/redis/usr/lib/*-linux-gnu*)"
exec "$folder/redis/usr/bin/redis-server" "\$@"
WRAPPER
chmod +x "$aside/redis-server"
mv "$aside/redis-server" "$folder/bin/redis-server"
