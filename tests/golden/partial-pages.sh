#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Memory that begins or ends inside of a page: the page is in the dump with all bytes the
# file has of it (makedumpfile loses the last one).
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"

core "layout = 6.1" "ram = 0x1400-0x9fc00" "ram = 0x100000-0xfffe01"
capture 31
"$READDUMP" ram "$work/out/vmcore" > "$work/got"
"$READDUMP" kept "$work/out/vmcore" >> "$work/got"
expect
