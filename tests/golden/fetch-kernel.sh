#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Which kernel is taken from a mirror that lists what it does not hold: qemu/fetch-kernel
# takes the newest ABI that is there with all its parts, kernel-config/build the newest source.
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"
# shellcheck source=tests/golden/mirror.sh
. "$top/tests/golden/mirror.sh"

archive_start

# kernel N [VMLINUX]: the lines of that ABI; where its vmlinux lies
kernel()
{
	abi=6.12.$1+deb13-cloud-amd64
	echo "linux-image-$abi 6.12.$1-1 boot/vmlinuz-$abi boot/config-$abi" \
		"usr/lib/modules/$abi/kernel/a"
	echo "linux-image-$abi-dbg 6.12.$1-1 usr/lib/debug/${2:-boot/vmlinux-$abi}"
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

archive_fresh
vmlinux=lib/modules/6.12.7+deb13-cloud-amd64/vmlinux
publish trixie "$(kernel 7 $vmlinux)" "$(kernel 8)"
publish trixie-security "$(kernel 9)" "linux-source-6.12 6.12.9-1 usr/src/none" \
	"linux-source-6.12 6.12.8-1 usr/src/none"
chooses "the newest kernel" 9
echo "linux-image-6.12.9.*amd64_ 404" >"$work/lies"
chooses "a kernel that is listed only" 8
says "a kernel that is listed only" "taking 6.12.8+deb13-cloud-amd64 instead of 6.12.9"
echo "linux-image-6.12.8.*-dbg_ half" >>"$work/lies"
chooses "a kernel without its -dbg" 7 --debug
equals "vmlinux" usr/lib/debug/$vmlinux "$(cat "$dir/vmlinux")"
echo ". 404" >"$work/lies"
rm -rf "$dir" "$work/tree/build/apt"
"$work/tree/qemu/fetch-kernel" 6.12 amd64 >/dev/null 2>"$work/said" ||
	fail "the cached kernel: $(cat "$work/said")"
says "the cached kernel" "using the cached 6.12.8"

# The pinned source of the capture kernel is in no pool at all, and the newest is listed
# only. There is no kernel in the one that is taken.
echo "linux-source-6.12_6.12.9 404" >"$work/lies"
! CRASHBOX_APT_DIR=/none "$work/tree/kernel-config/build" virt x86_64 >"$work/said" 2>&1 ||
	fail "a kernel was made of nothing"
for line in "linux-source-6.12: taking 6.12.8-1" \
	"is gone from the pools; taking linux-source-6.12_6.12.8-1"; do
	says "the source" "$line"
done
