#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A btrfs as mkfs.btrfs makes it, with subvolumes and on two devices: a path is one from its
# top, whatever is mounted of it; what lies there keeps what a target promises; a device that
# is missing is said; a full one leaves the log.
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"

[ "$(id -u)" = 0 ] || skip "only root has loop devices"
if [ -z "${CRASHBOX_MOUNTS:-}" ]; then
	CRASHBOX_MOUNTS=1 exec unshare --mount "$0"
fi
PATH=$PATH:/usr/sbin:/sbin
grep -qw btrfs /proc/filesystems || modprobe -q btrfs 2>/dev/null ||
	skip "this kernel has no btrfs"
command -v mkfs.btrfs >/dev/null || fail "no mkfs.btrfs (tests/setup)"
command -v udevadm >/dev/null && udevadm settle 2>/dev/null

loops=
tidy()
{
	umount "$work/mnt" "$work/top" 2>/dev/null || :
	for loop in $loops; do
		losetup -d "$loop" 2>/dev/null || :
	done
}
trap tidy EXIT
mkdir -p "$work/mnt" "$work/top"

# disk FILE: a loop device, in $loop
disk()
{
	truncate -s 0 "$work/$1"
	truncate -s 256M "$work/$1"
	loop=$(losetup --find --show "$work/$1" 2>"$work/losetup") ||
		skip "no loop device is to be had"
	loops="$loops $loop"
}

# conforms TARGET
conforms()
{
	"$top/build/unit/conformance" "$1" "$work/at" ||
		fail "$1 does not keep what a target promises"
	! grep -q " $work/at " /proc/self/mounts || fail "$1: still mounted"
}

# ---- one device, a subvolume that is the usual one, another that is mounted ----
disk one
one=$loop
mkfs.btrfs -q -L cbx-one "$one" >"$work/mkfs" 2>&1 || fail "mkfs.btrfs: $(cat "$work/mkfs")"
mount "$one" "$work/mnt"
btrfs -q subvolume create "$work/mnt/@"
btrfs -q subvolume create "$work/mnt/@/var"
mkdir "$work/mnt/@/var/crash"
btrfs -q subvolume set-default "$work/mnt/@"
umount "$work/mnt"
conforms "disk:$one:/@/var/crash"

# list TARGET: what is said of what lies there
list()
{
	"$top/build/crashbox" list "$1" >"$work/list" 2>&1 || :
}

mount -o subvol=@/var "$one" "$work/mnt"
mkdir -p "$work/mnt/crash"
"$top/build/tools/mkcore" "$top/tests/fixtures/classes.core" "$work/core"
"$top/build/crashbox" capture "$work/core" "$work/mnt/crash/host-2026-01-01-00:00:00" >"$work/capture" 2>&1 || :
grep -q "saved: .*vmcore" "$work/capture" || fail "capture: $(cat "$work/capture")"
list disk:LABEL=cbx-one:/@/var/crash
grep -q "host-2026.*complete" "$work/list" || fail "by the subvolume that is mounted: $(cat "$work/list")"
list disk:LABEL=cbx-one:/var/crash
grep -q "no folder" "$work/list" || fail "a path within a subvolume: $(cat "$work/list")"
umount "$work/mnt"
list disk:LABEL=cbx-one:/@/var/crash
grep -q "host-2026.*complete" "$work/list" || fail "not mounted: $(cat "$work/list")"
! grep -q "$one" /proc/self/mounts || fail "a look left it mounted"

# ---- two devices ----
disk two
two=$loop
disk three
three=$loop
mkfs.btrfs -q -f -L cbx-pair -d raid1 -m raid1 "$two" "$three" >"$work/mkfs" 2>&1 ||
	fail "mkfs.btrfs: $(cat "$work/mkfs")"
mount "$two" "$work/mnt"
mkdir "$work/mnt/dumps"
umount "$work/mnt"
btrfs device scan --forget "$two" "$three" || btrfs device scan --forget
conforms "disk:LABEL=cbx-pair:/dumps"
btrfs device scan --forget || :
losetup -d "$three"
if "$top/build/unit/conformance" disk:LABEL=cbx-pair:/ "$work/at" >"$work/said" 2>&1; then
	fail "a device is missing, and nobody says so"
fi
grep -q "1 of the 2 devices of its btrfs are there" "$work/said" ||
	fail "not said: $(cat "$work/said")"
