#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Packages from a mirror that lies: it lists a version that it lacks, lacks a list, answers
# 404, 503 or half a file, redirects, is of yesterday, changes between list and file. What is
# taken is the newest that is really there and signed for, which is said. So does the choice
# of qemu/fetch-kernel, and that of kernel-config/build.
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"
# shellcheck source=tests/golden/mirror.sh
. "$top/tests/golden/mirror.sh"

for program in apt-get gpg dpkg-deb; do
	command -v $program >/dev/null || skip "there is no $program (tests/setup)"
done
mirror_start
DEBIAN_MIRROR=http://127.0.0.1:$port/debian
DEBIAN_SECURITY_MIRROR=http://127.0.0.1:$port/security
DEBIAN_KEYRING=$work/keys.gpg
GNUPGHOME=$work/gnupg
export DEBIAN_MIRROR DEBIAN_SECURITY_MIRROR DEBIAN_KEYRING GNUPGHOME
# A tree of its own, so that build/ is.
mkdir -p "$work/tree"
ln -s "$top/agent" "$top/qemu" "$top/kernel-config" "$work/tree/"
apt=$work/tree/agent/deps/apt

mkdir -m 700 "$GNUPGHOME"
key() { gpg -q --batch --passphrase '' --quick-generate-key "$1" ed25519 sign never; }
key archive
key stranger
gpg -q --export archive >"$DEBIAN_KEYRING"

# publish SUITE PACKAGE...: signed lists with these, "NAME VERSION PATH..." each
publish()
{
	case $1 in
	*-security) at=$work/site/security ;;
	*) at=$work/site/debian ;;
	esac
	suite=$1
	shift
	printf '%s\n' "$@" | sed '/^$/d' | "$top/tests/tools/archive.py" "$at" "$suite"
	rm -f "$at/dists/$suite/InRelease"
	gpg -q --batch -u "${signer:-archive}" --clearsign -o "$at/dists/$suite/InRelease" \
		"$at/dists/$suite/Release"
}

# fresh: the archive as it should be, and nothing known of it
fresh()
{
	rm -rf "$work/tree/build" "$work/site" "$work/lies"
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
	equals "$1" "other_1_amd64.deb thing_$2_amd64.deb" "$(cd "$work/got" && echo ./* | sed 's,\./,,g')"
	dpkg-deb -I "$work/got/thing_$2_amd64.deb" >/dev/null 2>&1 || fail "$1: damaged"
}

# says WHAT PATTERN
says() { grep -q "$2" "$work/said" || fail "$1: not told: $2; but: $(cat "$work/said")"; }

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

# ---- which kernel

# kernel N: the lines of that ABI
kernel()
{
	abi=6.12.$1+deb13-cloud-amd64
	echo "linux-image-$abi 6.12.$1-1 boot/vmlinuz-$abi boot/config-$abi" \
		"usr/lib/modules/$abi/kernel/a"
	echo "linux-image-$abi-dbg 6.12.$1-1 usr/lib/debug/boot/vmlinux-$abi"
}

# chooses WHAT N [OPTION]
chooses()
{
	rm -rf "$work/tree/build/kernels" "$work/tree/build/cache"
	# shellcheck disable=SC2086 # an option or nothing
	dir=$("$work/tree/qemu/fetch-kernel" ${3-} 6.12 amd64 2>"$work/said") ||
		fail "$1: $(cat "$work/said")"
	equals "$1" "6.12.$2+deb13-cloud-amd64" "$(cat "$dir/version")"
}

fresh
publish trixie "$(kernel 7)" "$(kernel 8)"
publish trixie-security "$(kernel 9)" "linux-source-6.12 6.12.9-1 usr/src/none" \
	"linux-source-6.12 6.12.8-1 usr/src/none"
chooses "the newest kernel" 9
echo "linux-image-6.12.9.*amd64_ 404" >"$work/lies"
chooses "a kernel that is listed only" 8
says "a kernel that is listed only" "taking 6.12.8+deb13-cloud-amd64 instead of 6.12.9"
echo "linux-image-6.12.8.*-dbg_ half" >>"$work/lies"
chooses "a kernel without its -dbg" 7 --debug
equals "vmlinux" usr/lib/debug/boot/vmlinux-6.12.7+deb13-cloud-amd64 "$(cat "$dir/vmlinux")"
echo ". 404" >"$work/lies"
rm -rf "$dir" "$work/tree/build/apt"
"$work/tree/qemu/fetch-kernel" 6.12 amd64 >/dev/null 2>"$work/said" ||
	fail "the cached kernel: $(cat "$work/said")"
says "the cached kernel" "using the cached 6.12.8"

# The pinned source of the capture kernel is not in this pool at all, and the newest that
# is listed neither. There is no kernel in the one that is taken.
echo "linux-source-6.12_6.12.9 404" >"$work/lies"
! CRASHBOX_APT_DIR=/none "$work/tree/kernel-config/build" virt x86_64 >"$work/said" 2>&1 ||
	fail "a kernel was made of nothing"
for line in "linux-source-6.12: taking 6.12.8-1" \
	"is gone from the pools; taking linux-source-6.12_6.12.8-1"; do
	says "the source" "$line"
done
