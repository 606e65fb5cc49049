#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# codec auto: whatever efforts it comes to, the dump is zstd's by its header, has every byte of
# memory, and is the same for any reader; with one worker and with more, pages of 4 and of 64
# KiB, to a file and to a pipe. And where pages as they are do not fit, it packs.
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"

[ "$(id -u)" = 0 ] || skip "a small file system can only be mounted by root"
if [ -z "${CRASHBOX_MOUNTS:-}" ]; then
	CRASHBOX_MOUNTS=1 exec unshare --mount "$0"
fi

# whole WHAT: the header of $work/out/vmcore is right, and the manifest's word
whole()
{
	equals "$1: status" "status = 0x20" \
		"$("$READDUMP" header "$work/out/vmcore" | grep "^status")"
	equals "$1: codec" auto "$(manifest codec)"
}

# To a target that takes all at once, and is read back: the last pages are hardly packed.
core "layout = 6.12" "ram = 0x100000-0x8000000" "@0x1000+0x3000 data=fill:0x5a" \
	"@0x4000+0x2800 data=random:7"
for n in 1 2 3; do
	capture 31 --codec auto --workers "$n"
	whole "$n workers"
done
"$READDUMP" pages "$work/out/vmcore" 0x1000 0x6800 | cut -d" " -f2 | sort -u > "$work/kinds"
grep -qx zstd "$work/kinds" || fail "no page is packed: $(cat "$work/kinds")"
grep -qx raw "$work/kinds" || fail "no page is as it is: $(cat "$work/kinds")"

"$AGENT" capture --codec auto --stream "$work/core" > "$work/flat" 2> "$work/stderr" ||
	lacks_log_only $? "$work/stderr" || fail "to a pipe: $(tail -n 3 "$work/stderr")"
"$AGENT" rebuild "$work/flat" "$work/rebuilt" > "$work/log" 2>&1 || fail "rebuild"
"$READDUMP" compare "$work/rebuilt" --core "$work/core" > "$work/compare" ||
	fail "by way of a pipe: $(head -n 5 "$work/compare")"

# Half of it is 48 MiB that shrink to nothing, the other 40 MiB that do not.
small=$work/small
mkdir "$small"
mount -t tmpfs -o size=60m crashbox-test "$small"
rc=0
"$AGENT" capture --codec auto "$work/core" "$small/out" 2> "$work/stderr" || rc=$?
lacks_log_only $rc "$work/stderr" || fail "a small target: $(tail -n 3 "$work/stderr")"
rm -rf "$work/out"
cp -r "$small/out" "$work/out"
umount "$small"
whole "a small target"

# Samples of 64 KiB that do not shrink, by turns of workers: no batch holds sixteen of them.
core "layout = 6.12" "arm64 = 64 48" "ram = 0x0-0x11000000" "memmap = 0x10000000" \
	"arena = 0x10400000" "phys_offset = 0x40000000" "@0x100+0x400 data=random:7"
for codec in zstd auto; do
	capture 31 --codec "$codec" --workers 2
done
