#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Each codec by name, its flag in the header, and pages that do not shrink stored raw.
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"

core "layout = 6.1" "@0x800+32 data=random:7" "@0x820+32 data=fill:0x5a"
for codec in zstd:0x20 zlib:0x1 none:0; do
	capture 31 --codec "${codec%:*}"
	equals "status" "status = ${codec#*:}" \
		"$("$READDUMP" header "$work/out/vmcore" | grep "^status" | sed "s/0x0$/0/")"
	"$READDUMP" pages "$work/out/vmcore" 0x800 0x821 | cut -d" " -f1-3
done > "$work/got"
expect
