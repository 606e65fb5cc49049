#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# What every kind of sink and store promises (tests/unit/conformance.c), asked of disks: each
# file system that a target may be on, on a loop device, mounted as a capture mounts it.
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"

[ "$(id -u)" = 0 ] || skip "only root has loop devices"
if [ -z "${CRASHBOX_MOUNTS:-}" ]; then
	CRASHBOX_MOUNTS=1 exec unshare --mount "$0"
fi
loop=
trap '[ -z "$loop" ] || losetup -d "$loop"' EXIT
asked=
for fs in ext4 xfs btrfs; do
	if ! grep -qw "$fs" /proc/filesystems && ! modprobe -q "$fs" 2>/dev/null; then
		echo "$fs is not tried: this kernel does not have it"
		continue
	fi
	truncate -s 320M "$work/disk.$fs"
	"mkfs.$fs" -q "$work/disk.$fs" >"$work/mkfs" 2>&1 || fail "mkfs.$fs: $(cat "$work/mkfs")"
	loop=$(losetup --find --show "$work/disk.$fs" 2>"$work/losetup") ||
		skip "no loop device is to be had"
	"$top/build/unit/conformance" "disk:$loop:/" "$work/at" ||
		fail "$fs does not keep what a target promises"
	! grep -q " $work/at " /proc/self/mounts || fail "$fs is still mounted"
	losetup -d "$loop"
	loop=
	asked="$asked $fs"
done
[ -n "$asked" ] || skip "this kernel has none of the file systems"
