#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A MiB of memory at 512 GiB, as a second socket or a card has it: the bits for all that is
# not in between are a hole of the dump, on a disk and on the way back, and read as zeroes.
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"

core "layout = 6.1" "ram = 0x1000-0x9fc00" "ram = 0x100000-0x1000000" \
	"ram = 0x8000000000-0x8000100000" "@0x100 data=random:7" "@0x8000010 data=random:9"
capture 31
dump=$work/out/vmcore
len=$(stat -c %s "$dump")
[ "$len" -gt 33554432 ] || fail "two bitmaps of 16 MiB in $len bytes"
taken=$(du -k "$dump" | cut -f 1)
[ "$taken" -lt 4096 ] || fail "$taken KiB are taken for 16.6 MiB of memory"
equals "sha256" "$(sha256sum < "$dump" | cut -d ' ' -f 1)" "$(manifest sha256)"
equals "holes in the manifest" true \
	"$([ "$(manifest bytes dump_holes)" -gt 33000000 ] && echo true)"

# A copy without holes is the same dump.
cp --sparse=never "$dump" "$work/copy"
"$AGENT" check "$work/copy" > "$work/check.copy" || fail "check of a copy: exit $?"
equals "check of a copy" "$(sed "s,$dump,," "$work/check")" \
	"$(sed "s,$work/copy,," "$work/check.copy")"
