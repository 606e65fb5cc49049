# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
#
# What agent/deps/build and agent/deps/ssh share: a line of `pins`, the tarball that it
# names with its SHA-256 checked, and a fresh tree of it. To be sourced with die() and
# say() defined and here, cache and src set.
# shellcheck disable=SC2154 # those three

# pin NAME COLUMN: one field of the line of NAME in `pins`.
pin() {
	awk -v name="$1" -v col="$2" '$1 == name { print $col }' "$here/pins"
}

sha256_of() { sha256sum "$1" | cut -d' ' -f1; }

# fetch NAME: the tarball into build/cache, its SHA-256 checked.
fetch() {
	file=$cache/$(pin "$1" 5)
	want=$(pin "$1" 6)
	if [ ! -f "$file" ]; then
		say "$1 $(pin "$1" 2): fetching from Debian $(pin "$1" 4)"
		tmp=$cache/fetch-$1.$$
		mkdir -p "$tmp"
		"$here/apt" "$(pin "$1" 4)" source "$tmp" "$(pin "$1" 3)" || {
			rm -rf "$tmp"
			die "$1: cannot fetch source package $(pin "$1" 3); put" \
				"$(pin "$1" 5) into $cache by hand to go on offline"
		}
		[ -f "$tmp/$(pin "$1" 5)" ] || {
			got=$(cd "$tmp" && echo ./*)
			rm -rf "$tmp"
			die "$1: Debian $(pin "$1" 4) has moved on: wanted" \
				"$(pin "$1" 5), got $got; update agent/deps/pins"
		}
		mv "$tmp/$(pin "$1" 5)" "$file"
		rm -rf "$tmp"
	fi
	got=$(sha256_of "$file")
	[ "$got" = "$want" ] ||
		die "$file: SHA-256 is $got, pinned is $want; delete the file and try again"
}

# unpack NAME: a fresh tree in $src/NAME, so that stale files cannot creep in.
unpack() {
	rm -rf "${src:?}/$1"
	mkdir -p "$src/$1"
	tar -xf "$cache/$(pin "$1" 5)" -C "$src/$1" --strip-components=1
}
