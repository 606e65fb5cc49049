#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# make deb ARCH=arm64: a package for arm64 with the binary for it, the client and the kernel
# that were named, and the same files as the one for this machine.
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"
cd "$top"

[ -x build/arm64/crashbox ] || skip "no build/arm64/crashbox (make ARCH=arm64)"
command -v dpkg-deb >/dev/null || skip "no dpkg-deb"

# unpacked ARCH FOLDER: what that package has, and its list of files
unpacked()
{
	make -s deb ARCH="$1" CLIENT= KERNEL= >"$work/make.log" 2>&1 ||
		fail "make deb ARCH=$1: $(tail -n 5 "$work/make.log")"
	deb=$(tail -n 1 "$work/make.log")
	dpkg-deb -x "$deb" "$2"
	(cd "$2" && find . -type f -printf '%m %P\n' | LC_ALL=C sort) >"$2.list"
}
unpacked '' "$work/here"
here=$deb
unpacked arm64 "$work/arm64"
diff "$work/here.list" "$work/arm64.list" || fail "not the same files as for this machine"
equals "architecture" arm64 "$(dpkg-deb -f "$deb" Architecture)"
equals "version" "$(dpkg-deb -f "$here" Version)" "$(dpkg-deb -f "$deb" Version)"
# Its stock kernels need the program for loading, while those of amd64 do not.
equals "recommends" kexec-tools "$(dpkg-deb -f "$deb" Recommends)"
equals "of amd64" "" "$(dpkg-deb -f "$here" Recommends)"
cmp "$work/arm64/usr/sbin/crashbox" build/arm64/crashbox || fail "another binary"
# The machine in an ELF header, two bytes at 18: EM_AARCH64 is 183.
equals "machine" 183 "$(od -An -tu2 -j 18 -N 2 "$work/arm64/usr/sbin/crashbox" | tr -d ' ')"
