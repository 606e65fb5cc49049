#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# list, prune and import on a disk of the configuration: one that is not mounted is looked at where
# nobody else sees it, one that is mounted is looked at there.
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"

[ "$(id -u)" = 0 ] || skip "only root has loop devices"
# A loop device of our own, in mounts of our own: nothing is left on this machine.
if [ -z "${CRASHBOX_MOUNTS:-}" ]; then
	CRASHBOX_MOUNTS=1 exec unshare --mount "$0"
fi
first=cbd$$
core dmesg-plain
capture 31
for folder in web-2026-01-04-00:00:00 web-2026-01-04-00:01:00; do
	mkdir -p "$work/seed/crash"
	cp -r "$work/out" "$work/seed/crash/$folder"
done
truncate -s 20M "$work/disk"
mkfs.ext4 -q -L $first -d "$work/seed" "$work/disk" > "$work/mkfs" 2>&1 || fail "mkfs.ext4"
loop=$(losetup --find --show "$work/disk" 2> "$work/losetup") || skip "no loop device is to be had"
dirty_loop=
trap 'umount "$work/at" 2> /dev/null || :; losetup -d "$loop" $dirty_loop' EXIT
printf 'target disk:LABEL=%s:/crash\n' $first > "$work/conf"

# lists HOW: the disk is found, looked at in that way, and its newest dump is shown
lists()
{
	"$AGENT" list --config "$work/conf" > "$work/list" 2> "$work/stderr" ||
		fail "list: $(cat "$work/stderr")"
	grep -qF "disk:LABEL=$first:/crash ($loop, $1)" "$work/list" ||
		fail "list does not say '$1': $(cat "$work/list")"
	grep -q "^web-2026-01-04-00:01:00  *complete" "$work/list" || fail "list: no dump"
}

lists "mounted for this look only, its journal not replayed"
"$AGENT" prune --keep 1 --config "$work/conf" > "$work/prune" 2> "$work/stderr" ||
	fail "prune: $(cat "$work/stderr")"
! grep -q "$loop" /proc/self/mounts || fail "it is still mounted"
mkdir "$work/at"
mount "$loop" "$work/at" || fail "mount"
[ ! -e "$work/at/crash/web-2026-01-04-00:00:00" ] || fail "prune: the old one is there"
[ -e "$work/at/crash/web-2026-01-04-00:01:00/vmcore" ] || fail "prune: the new one is gone"
lists "mounted at $work/at"

# A link on the disk leads to what lies on the disk, mounted or not, as after a crash; and
# whoever puts another file system in the way is told.
ln -s /crash "$work/at/link"
mkdir "$work/at/other"
mount -t tmpfs crashbox-test "$work/at/other" || fail "mount -t tmpfs"
# list_at FOLDER: that target
list_at()
{
	rc=0
	"$AGENT" list "disk:LABEL=$first:$1" > "$work/list" 2> "$work/stderr" || rc=$?
}
list_at /link
grep -q "^web-2026-01-04-00:01:00  *complete" "$work/list" || fail "a link: no dump"
list_at /other
equals "another file system" 1 $rc
grep -q "lies on another file system" "$work/stderr" || fail "/other: $(cat "$work/stderr")"
umount "$work/at/other"

# The same disk is what import finds below a folder of it, made or not.
printf 'USE_KDUMP=1\nKDUMP_COREDIR="%s/at/crash/not/yet"\n' "$work" > "$work/kdump-tools"
"$AGENT" import "$work/kdump-tools" > "$work/imported" 2> "$work/stderr" ||
	fail "import: $(cat "$work/stderr")"
grep -qx "target disk:UUID=$(blkid -p -o value -s UUID "$work/disk"):/crash/not/yet" \
	"$work/imported" || fail "import: $(cat "$work/imported")"
umount "$work/at"

# A core that lies where `test` would mount on is not hidden by that.
mount -t tmpfs none /mnt
cp "$work/core" /mnt/core
"$AGENT" test --config "$work/conf" /mnt/core > "$work/test" 2> "$work/stderr" ||
	fail "test /mnt/core: $(cat "$work/test" "$work/stderr")"
umount /mnt

# As a crash leaves it, with a journal to be replayed, that is not ours to touch by a look;
# and on a device that cannot be written.
label=cb$$
for fs in ext4 xfs; do
	rm -f "$work/clean" "$work/dirty"
	truncate -s 320M "$work/clean"
	"mkfs.$fs" -q -L $label "$work/clean" > "$work/mkfs" 2>&1 || fail "mkfs.$fs"
	if ! mount -o loop "$work/clean" "$work/at" 2> "$work/stderr"; then
		[ "$fs" = xfs ] || fail "mount $fs: $(cat "$work/stderr")"
		echo "this kernel has no xfs"
		continue
	fi
	cp -r "$work/seed/crash" "$work/at/crash"
	umount "$work/at"
	mount -o loop "$work/clean" "$work/at"
	mv "$work/at/crash/web-2026-01-04-00:00:00" "$work/at/crash/web-2026-01-04-00:02:00"
	sync
	cp --sparse=always "$work/clean" "$work/dirty"
	umount "$work/at"
	before=$(md5sum < "$work/dirty")
	for mode in "" --read-only; do
		# shellcheck disable=SC2086 # none or one
		dirty_loop=$(losetup $mode --find --show "$work/dirty")
		for verb in "list" "show-dump" "prune --keep 1 --dry-run"; do
			words=disk:LABEL=$label:/crash
			[ "$verb" != show-dump ] || words=$words/web-2026-01-04-00:01:00
			# shellcheck disable=SC2086 # a verb with its options
			"$AGENT" $verb "$words" > "$work/out.$fs" 2> "$work/stderr" ||
				fail "$fs $mode: $verb: $(cat "$work/stderr")"
		done
		! "$AGENT" list disk:LABEL=$label:/other 2> "$work/stderr" || fail "$fs: /other"
		grep -q "no folder /other on it, as far as .* without replaying its journal" \
			"$work/stderr" || fail "$fs: $(cat "$work/stderr")"
		losetup -d "$dirty_loop"
		dirty_loop=
		sync
		equals "$fs $mode: the disk" "$before" "$(md5sum < "$work/dirty")"
	done
done
