#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Pages of zeroes share one place in the file when level 1 asks for it; they stay in the
# dump at every level, and nothing else is shared by mistake.
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"

core "layout = 6.1" "@0x800+64 data=zero" "@0x840 data=fill:0x00" "@0x850 data=pfn"
capture 1
"$READDUMP" whole "$work/out/vmcore" > "$work/whole"
grep -q "^zero_shared = yes" "$work/whole" || fail "zero pages do not share one place"
equals "page 0x800 stays" 0x800 "$("$READDUMP" kept "$work/out/vmcore" 0x800 0x801)"
capture 0
equals "page 0x840 stays" 0x840 "$("$READDUMP" kept "$work/out/vmcore" 0x840 0x841)"
