#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# An order that cannot be is not believed: too large for any list, too large for a shift,
# not fitting the place of the page, leaving memory. At most the page itself goes.
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"

for layout in 6.1 6.4 6.12 7.2; do
	core "layout = $layout" bad-order
	dropped 31 > "$work/got"
	expect
	equals "$layout: free blocks that are kept" 3 "$(manifest pages kept_odd)"
	grep -q "3 free blocks have an order that cannot be" "$work/stderr" ||
		fail "$layout: nothing is said of blocks of an impossible order"
done
