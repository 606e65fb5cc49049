# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
#
# What all share that build from pinned sources: the lines of `pins` (or of a table like
# it), a tarball that they name, its SHA-256 checked, and a fresh tree of it. To be sourced
# with die() and say() defined, and top, pins (the table), cache and src set.
#
# A tarball is looked for, one place after the other, in
#   the cache
#   agent/deps/tarballs, which `make dist` fills
#   $CRASHBOX_MIRROR: a folder or URL, of tarballs by name or of a Debian mirror
#   the pools of the Debian mirrors that this system's apt is set up with
#   upstream's own releases
# Neither apt nor dpkg is needed.
# shellcheck disable=SC2154 # those four

deps=$top/agent/deps

# pin NAME COLUMN: one field of the first line of NAME in the table.
pin() {
	awk -v name="$1" -v col="$2" '$1 == name { print $col; exit }' "$pins"
}

# tarballs NAME: the lines of NAME without name and version.
tarballs() {
	awk -v name="$1" '$1 == name { $1 = $2 = ""; print }' "$pins"
}

sha256_of() { sha256sum "$1" | cut -d' ' -f1; }

# have NAME: prints the tarball of NAME in build/cache that is as pinned.
have() {
	tarballs "$1" | while read -r want file rest; do
		if [ -f "$cache/$file" ] && [ "$(sha256_of "$cache/$file")" = "$want" ]; then
			echo "$cache/$file"
			break
		fi
	done
}

# places FILE PLACE...: where a line of `pins` may be had, as "KIND URL", in order.
places() {
	name=$1
	shift
	echo "folder $deps/tarballs/$name"
	if [ -n "${CRASHBOX_MIRROR-}" ]; then
		echo "mirror ${CRASHBOX_MIRROR%/}/$name"
		for place in "$@"; do
			case $place in
			pool/*) echo "mirror ${CRASHBOX_MIRROR%/}/$place" ;;
			*) echo "mirror ${CRASHBOX_MIRROR%/}/${place##*/}" ;;
			esac
		done
	fi
	for place in "$@"; do
		case $place in
		pool/*) "$deps/mirrors" urls "$place" | sed 's/^/pool /' ;;
		*) echo "release $place" ;;
		esac
	done
}

# all_places NAME: "KIND SHA-256 FILE URL" of all its lines, the near ones first.
all_places() {
	tarballs "$1" | while read -r want file rest; do
		# shellcheck disable=SC2086 # a list of places
		places "$file" $rest | sed "s/ / $want $file /"
	done >"$tmp/all"
	for kind in folder mirror pool release; do
		awk -v kind=$kind '$1 == kind && !seen[$0]++' "$tmp/all"
	done
}

# without_password URL: as it may be shown
without_password() { echo "$1" | sed 's,//[^/@]*@,//,'; }

# try KIND SHA-256 FILE URL: takes it from there into the cache; if that fails, why is
# noted.
try() {
	as=''
	[ "$1" != pool ] || as=--mirror
	# shellcheck disable=SC2086 # an option or nothing
	why=$("$deps/get" $as "$4" "$tmp/file" 2>&1 >/dev/null | tail -n 1)
	if [ -f "$tmp/file" ]; then
		got=$(sha256_of "$tmp/file")
		if [ "$got" = "$2" ]; then
			mv "$tmp/file" "$cache/$3"
			return 0
		fi
		why="SHA-256 is $got, wanted $2"
		rm -f "$tmp/file"
	fi
	echo "  $(without_password "$4"): $why" >>"$tmp/tried"
	return 1
}

# fetch NAME: a tarball of NAME into build/cache. What is not whole, or not as pinned,
# never has its name there.
fetch() (
	[ -z "$(have "$1")" ] || exit 0
	mkdir -p "$cache"
	tmp=$(mktemp -d "$cache/fetch.XXXXXX")
	trap 'rm -rf "$tmp"' EXIT
	trap 'exit 1' HUP INT TERM
	tarballs "$1" | while read -r want file rest; do
		why="no such file"
		[ ! -f "$cache/$file" ] || why="SHA-256 is $(sha256_of "$cache/$file"), wanted $want"
		echo "  $cache/$file: $why"
	done >"$tmp/tried"
	all_places "$1" >"$tmp/places"
	while read -r kind want file url; do
		if try "$kind" "$want" "$file" "$url" </dev/null; then
			say "$1 $(pin "$1" 2): from $(without_password "$url")"
			exit 0
		fi
	done <"$tmp/places"
	# The best advice is where everybody can get it.
	by_hand=$({ grep ^release "$tmp/places"; grep ^pool "$tmp/places"; } | head -n 1)
	# shellcheck disable=SC2086
	set -- "$1" ${by_hand:-$(head -n 1 "$tmp/places")}
	die "$1 $(pin "$1" 2): in none of these places:
$(cat "$tmp/tried")
Where it is to be had, this puts it there:
  curl -fL -o '$cache/$4' '$5'
CRASHBOX_MIRROR names a folder or mirror to be tried first."
)

# unpack NAME: a fresh tree in $src/NAME, so that stale files cannot creep in; it belongs to
# whoever unpacks, as root in a name space of its own cannot give files away.
unpack() {
	rm -rf "${src:?}/$1"
	mkdir -p "$src/$1"
	tar -xof "$(have "$1")" -C "$src/$1" --strip-components=1
}
