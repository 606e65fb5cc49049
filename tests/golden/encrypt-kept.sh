#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Encrypted crashes on a disk: list, show-dump, list --same and prune go by the small manifest,
# and remove all that is there; a rehearsal is whole and leaves nothing; an image for a recipient
# that is none is not made.
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"

[ "$(id -u)" = 0 ] || skip "only root has loop devices"
command -v age > /dev/null || fail "age is not there; tests/setup brings it"
# A loop device of our own, in mounts of our own: nothing is left on this machine.
if [ -z "${CRASHBOX_MOUNTS:-}" ]; then
	CRASHBOX_MOUNTS=1 exec unshare --mount "$0"
fi
label=cbe$$
age-keygen -o "$work/key" 2> /dev/null
printf '%s\n' "target disk:LABEL=$label:/crash" "encrypt $(age-keygen -y "$work/key")" \
	> "$work/conf"

core "layout = 6.12" classes "nodename = web" "crash_time = 1767484800" \
	"log 1.0 \"Linux version 6.12.0-9-cloud-amd64 (build)\"" \
	"log 2.1 \"Kernel panic - not syncing: sysrq triggered crash\""
mkdir -p "$work/seed/crash"
for folder in web-2026-01-04-00:00:00 web-2026-01-04-00:01:00 web-2026-01-04-00:02:00; do
	"$AGENT" capture --config "$work/conf" --workers 1 "$work/core" \
		"$work/seed/crash/$folder" > "$work/stdout" 2> "$work/stderr" ||
		fail "capture: $(cat "$work/stderr")"
done
# One was cut off in the dump.
mv "$work/seed/crash/web-2026-01-04-00:02:00/vmcore.age" \
	"$work/seed/crash/web-2026-01-04-00:02:00/vmcore-incomplete.age"
truncate -s 64M "$work/disk"
mkfs.ext4 -q -L "$label" -d "$work/seed" "$work/disk" > "$work/mkfs" 2>&1 || fail "mkfs.ext4"
loop=$(losetup --find --show "$work/disk" 2> "$work/losetup") || skip "no loop device is to be had"
trap 'umount "$work/at" 2> /dev/null || :; losetup -d "$loop"' EXIT

# ours VERB...: its output, and that it was well
ours()
{
	"$AGENT" "$@" > "$work/said" 2> "$work/stderr" || fail "$*: $(cat "$work/said" "$work/stderr")"
}

# says PATTERN: a line of that
says()
{
	grep -q "$1" "$work/said" || fail "no '$1': $(cat "$work/said")"
}

ours list --config "$work/conf"
says "^web-2026-01-04-00:00:00  *complete"
says "^web-2026-01-04-00:01:00  *complete"
says "^web-2026-01-04-00:02:00  *cut off"
ours list --same --config "$work/conf"
says "3 times, 2 dumps"
ours show-dump --config "$work/conf" web-2026-01-04-00:01:00
says "^kernel  *6.12"
says "^state  *complete"
says "crashbox decrypt -i KEY"
! grep -q "sysrq triggered crash" "$work/said" || fail "show-dump has the log"

# A rehearsal: nothing is left of it, and what was there stays.
ours test --config "$work/conf" "$work/core"
says "^ok    target 1  .*with a report, read back, removed again"
says "^ok: 1 of 1 targets"
(cat "$work/conf"; echo "encrypt age1notarecipient") > "$work/bad"
! "$AGENT" test --config "$work/bad" "$work/core" > "$work/said" 2>&1 || fail "test: a bad recipient"
says "encrypt: its character"
ours list --config "$work/conf"
equals "what is there" 3 "$(grep -c '^web-' "$work/said")"

ours prune --keep 1 --config "$work/conf"
mkdir "$work/at"
mount "$loop" "$work/at" || fail "mount"
equals "what was kept" "web-2026-01-04-00:01:00 web-2026-01-04-00:02:00" \
	"$(find "$work/at/crash" -mindepth 1 -maxdepth 1 -printf '%f\n' | sort | tr '\n' ' ' |
	sed 's/ $//')"
ours decrypt -i "$work/key" "$work/at/crash/web-2026-01-04-00:02:00"
grep -q "sysrq triggered crash" "$work/at/crash/web-2026-01-04-00:02:00/vmcore-dmesg.txt" ||
	fail "the log of one that was cut off does not open"
[ -s "$work/at/crash/web-2026-01-04-00:02:00/vmcore-incomplete" ] || fail "nor does its dump"
umount "$work/at"

# An image has what PID 1 goes by, and is not made where nothing could be encrypted.
AGENT=$top/build/crashbox
sed -i "s,^target .*,target virtiofs:crash," "$work/conf" "$work/bad"
! "$AGENT" image --no-modules --config "$work/bad" --output "$work/image" > "$work/said" 2>&1 ||
	fail "image: a bad recipient"
says "encrypt: its character"
[ ! -e "$work/image" ] || fail "an image was made all the same"
ours image --no-modules --config "$work/conf" --output "$work/image"

# Nor is one loaded where nothing could be encrypted, whoever made it.
"$top/tests/tools/mkkernel" "$work/vmlinuz"
! "$AGENT" load --config "$work/bad" --kernel "$work/vmlinuz" --initrd "$work/image" \
	> "$work/said" 2>&1 || fail "load: a bad recipient"
says "nothing new is loaded: encrypting does not work: .*a recipient is none"
