#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Packages from a mirror that lies: it lists a version that it lacks, lacks a list, answers
# 404, 503 or half a file, redirects, is of yesterday, changes between list and file. What is
# taken is the newest that is really there and signed for, which is said.
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"
# shellcheck source=tests/golden/mirror.sh
. "$top/tests/golden/mirror.sh"

archive_start

# fresh: the archive as it should be, and nothing known of it
fresh()
{
	archive_fresh
	publish trixie "thing 1.0 thing" "other 1 other"
	publish trixie-updates "thing 1.1 thing"
	publish trixie-security "thing 1.2 thing"
}

# gets WHAT VERSION: that one of `thing` is downloaded, and if not the newest, it is said
gets()
{
	rm -rf "$work/got"
	"$apt" trixie:amd64 binary "$work/got" other thing >"$work/said" 2>&1 ||
		fail "$1: $(cat "$work/said")"
	equals "$1" "./other_1_amd64.deb ./thing_$2_amd64.deb" "$(cd "$work/got" && echo ./*)"
	dpkg-deb -I "$work/got/thing_$2_amd64.deb" >/dev/null 2>&1 || fail "$1: damaged"
}

# a_day_later: as if the lists had been read then
a_day_later() { touch -d '2 days ago' "$work/tree/build/apt/trixie-amd64/updated"; }

fresh
gets "an honest mirror" 1.2
equals "names" "other thing" "$("$apt" trixie:amd64 names '' | xargs)"

# ---- listed, and not to be had

for lie in 404 half other; do
	fresh
	echo "thing_1.2 $lie" >"$work/lies"
	gets "listed with $lie" 1.1
	says "listed with $lie" "thing: taking 1.1"
done
printf 'thing_1.2 503\nthing_1.1 404\n' >"$work/lies"
gets "two of them" 1.0
says "two of them" "thing: 1.1 is listed, but: .*404"
echo "thing_1.2 /security/pool/moved" >"$work/lies"
cp "$work/site/security/pool/thing_1.2_amd64.deb" "$work/site/security/pool/moved"
gets "a redirect" 1.2
echo "thing_ 404" >"$work/lies"
! "$apt" trixie:amd64 binary "$work/got" thing >"$work/said" 2>&1 ||
	fail "nothing in the pool: all the same well"
says "nothing in the pool" "trixie: thing is not to be had: .*404"

# ---- lists

fresh
echo "^/security/dists 404" >"$work/lies"
gets "no list of security" 1.1
says "no list of security" "going on without trixie-security"

fresh
echo "^/debian/dists/trixie/main half" >"$work/lies"
! "$apt" trixie:amd64 binary "$work/got" thing >"$work/said" 2>&1 ||
	fail "half a list: all the same well"
says "half a list" "no mirror gives the list of trixie"

fresh
signer=stranger publish trixie-security "thing 6.6 thing"
gets "a list that a stranger signed" 1.1

# Known from yesterday, and today the mirror is gone.
fresh
gets "before it is gone" 1.2
a_day_later
echo "/dists/ 503" >"$work/lies"
gets "lists of yesterday" 1.2
says "lists of yesterday" "trixie: using the list from before"

# The archive moves on after the lists were read.
rm "$work/lies"
publish trixie-security "thing 1.3 thing"
rm "$work"/site/security/pool/thing_1.2*
gets "moved on" 1.3

# It lists nothing any more but what it does not have; its pool still has what it had.
a_day_later
publish trixie-security "thing 1.4 thing"
publish trixie-updates
publish trixie "thing 1.4 thing" "other 1 other"
rm "$work"/site/*/pool/thing_1.4*
gets "the pool, by older lists" 1.3
says "the pool, by older lists" "thing: trying what older lists name"
