#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A page with bad memory is never read, whatever the level asks for: alone, as a tail of
# a kernel folio, inside of a free block, and every page of a poisoned huge page.
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"

for layout in 4.19 6.4 6.7 6.12 7.2; do
	core "layout = $layout" hwpoison
	dropped 0 31 > "$work/got"
	expect
done
core "layout = 6.1" hwpoison "set NUMBER(PG_hwpoison) = 22"
dropped 0 31 > "$work/got"
expect
core "layout = 6.1" "@0x800 flags=hwpoison data=pfn"
capture 31
equals "without the key the page stays" 0x800 \
	"$("$READDUMP" kept "$work/out/vmcore" 0x800 0x801)"
