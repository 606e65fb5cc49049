#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Pinned tarballs: which places are asked, in which order, and that one which lies is not
# believed: 404, 503, half a file, other bytes, a redirect. The mirrors are those of sources
# in both formats of apt; nothing of this machine's own is asked.
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"
# shellcheck source=tests/golden/mirror.sh
. "$top/tests/golden/mirror.sh"

mirror_start
url=http://127.0.0.1:$port
mkdir -p "$work/apt/sources.list.d"
CRASHBOX_APT_DIR=$work/apt
export CRASHBOX_APT_DIR

# One tarball of Debian and, packed otherwise, of upstream.
path=pool/main/t/thing/thing_1+x.tar
mkdir -p "$work/thing-1" "$work/site/upstream" "$work/site/debian/${path%/*}"
echo "the source" >"$work/thing-1/source"
tar -C "$work" -cf "$work/site/debian/$path" thing-1
tar -C "$work" -cf "$work/site/upstream/thing-1.tar" --mtime=@0 thing-1
sum() { sha256sum "$1" | cut -d' ' -f1; }
printf '%s\n' "thing 1 $(sum "$work/site/debian/$path") thing_1+x.tar $path" \
	"thing 1 $(sum "$work/site/upstream/thing-1.tar") thing-1.tar $url/upstream/thing-1.tar" \
	>"$work/pins"

# fetched: fetches and unpacks in a fresh cache, or in the one that is there with `keep`
fetched()
{
	[ "${1-}" = keep ] || rm -rf "$work/cache"
	: >"$work/asked"
	status=0
	# shellcheck disable=SC2016 # of the inner shell
	pins=$work/pins cache=$work/cache src=$work/src top=$top CRASHBOX_PATIENCE=5 sh -euc '
		die() { echo "$*" >&2; exit 1; }
		say() { echo "$*"; }
		. "$top/agent/deps/lib.sh"
		fetch thing
		unpack thing' >"$work/said" 2>"$work/errors" || status=$?
	asked=$(sed "s,^proxy $url,proxy ," "$work/asked" | tr "\n" " ")
	asked=${asked% }
}

# from WHAT PLACE ASKED: it has to be fetched from there, and this is what was asked for
from()
{
	[ $status = 0 ] || fail "$1: $(cat "$work/errors")"
	equals "$1" "thing 1: from $2" "$(cat "$work/said")"
	[ $# = 2 ] || equals "$1: asked for" "$3" "$asked"
	equals "$1: unpacked" "the source" "$(cat "$work/src/thing/source")"
	case $(ls "$work/cache") in
	thing_1+x.tar | thing-1.tar) ;;
	*) fail "$1: also in the cache: $(ls "$work/cache")" ;;
	esac
	rm -rf "$work/src"
}
pooled=/debian/pool/main/t/thing/thing_1%2bx.tar

# ---- where apt is set up

echo "deb [arch=amd64 signed-by=/none] $url/debian/ trixie main contrib # so" \
	>"$work/apt/sources.list"
echo "deb $url/elsewhere nodistro main" >>"$work/apt/sources.list"
fetched
from "a one-line source" "$url/debian/$path" $pooled
fetched keep
equals "what is cached: asked for" "" "$asked"
equals "what is cached: said" "" "$(cat "$work/said")"

rm "$work/apt/sources.list"
cat >"$work/apt/sources.list.d/two.sources" <<END
# A comment
Types: deb deb-src
URIs: $url/none
  $url/debian
Suites: bookworm bookworm-updates
Components: main

Enabled: no
Types: deb
URIs: $url/off
Suites: trixie
Components: main

Types: deb
URIs: $url/sec
Suites: bookworm-security
Components: main
END
fetched
from "a deb822 source" "$url/debian/$path" "/none/${pooled#/debian/} $pooled"
equals "the mirror of security updates" "$url/sec" "$("$top/agent/deps/mirrors" security)"

printf '%s\tpriority:1\n' "# mine" "$url/debian/" >"$work/list"
printf '%s\n' "Types: deb" "URIs: mirror+file:$work/list" "Suites: stable" \
	"Components: main" >"$work/apt/sources.list.d/two.sources"
fetched
from "a list of mirrors" "$url/debian/$path" $pooled

# Apt's proxy is for apt's mirrors, and comes before the environment's.
if command -v apt-config >/dev/null; then
	echo "Acquire::http::Proxy \"$url\";" >>"$APT_CONFIG"
	http_proxy=http://127.0.0.1:1 fetched
	from "apt's proxy" "$url/debian/$path" "proxy $pooled"
	mirror_apt_config
fi
if command -v curl >/dev/null; then
	echo "machine http://127.0.0.1/debian login me password secret" >"$work/apt/auth.conf"
	fetched
	from "apt's login" "$url/debian/$path" "me:secret $pooled"
	rm "$work/apt/auth.conf"
fi
http_proxy=$url no_proxy='' fetched
from "the environment's proxy" "$url/debian/$path" "proxy $pooled"

# ---- places named by hand

mkdir -p "$work/folder"
cp "$work/site/upstream/thing-1.tar" "$work/folder/"
CRASHBOX_MIRROR=$work/folder fetched
from "a folder" "$work/folder/thing-1.tar" ""
CRASHBOX_MIRROR=file://$work/site/debian/ fetched
from "a mirror as a file: URL" "file://$work/site/debian/$path" ""
CRASHBOX_MIRROR=$url/upstream fetched
from "a folder of a server" "$url/upstream/thing-1.tar"
DEBIAN_MIRROR=$url/debian CRASHBOX_APT_DIR=/none fetched
from "DEBIAN_MIRROR" "$url/debian/$path" $pooled

# ---- places that lie

for lie in 404 503 half other /none; do
	echo "^/debian/ $lie" >"$work/lies"
	fetched
	from "a mirror with $lie" "$url/upstream/thing-1.tar"
done
echo "^/debian/ /moved/thing" >"$work/lies"
mkdir -p "$work/site/moved"
cp "$work/site/debian/$path" "$work/site/moved/thing"
fetched
from "a redirect" "$url/debian/$path"

# A file that was put into the cache by hand, and not whole.
rm "$work/lies"
rm -rf "$work/cache"
mkdir "$work/cache"
echo half >"$work/cache/thing_1+x.tar"
fetched keep
from "a bad file in the cache" "$url/debian/$path"

# Each place is named, and why; nothing stays.
printf '^/debian/ other\n^/upstream/ half\n' >"$work/lies"
CRASHBOX_MIRROR=http://me:secret@127.0.0.1:$port/empty fetched
[ $status != 0 ] || fail "no place is honest: fetched all the same"
equals "no place is honest: left in the cache" "" "$(ls "$work/cache")"
for line in "$work/cache/thing_1+x.tar: no such file" "$work/cache/thing-1.tar: no such" \
	"http://127.0.0.1:$port/empty/thing_1+x.tar: .*404" \
	"$url/debian/$path: SHA-256 is .*, wanted $(sum "$work/site/debian/$path")" \
	"$url/upstream/thing-1.tar: .*" \
	"curl -fL -o '$work/cache/thing-1.tar' '$url/upstream/thing-1.tar'"; do
	grep -q "^  $line" "$work/errors" || fail "not told: $line; but: $(cat "$work/errors")"
done
! grep secret "$work/errors" || fail "a password is shown"

# ---- wget alone, with neither apt nor dpkg

if command -v wget >/dev/null; then
	mkdir "$work/bin"
	for program in sh awk cat cp cut grep head mkdir mktemp mv rm sed sha256sum sort tail \
		tar tr dirname wget ls; do
		ln -s "$(command -v $program)" "$work/bin/$program"
	done
	rm "$work/lies"
	PATH=$work/bin fetched
	from "wget" "$url/debian/$path"
	echo "^/debian/ half" >"$work/lies"
	PATH=$work/bin fetched
	from "wget, half a file" "$url/upstream/thing-1.tar"
fi
