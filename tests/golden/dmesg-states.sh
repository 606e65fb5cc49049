#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Records that have no text, lost it, never got it, or were being written: an empty line
# is a line, a lost text is none, a line that lacks its newline is there.
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"

for layout in 5.10 6.1 6.12 7.2; do
	dmesg_of "layout = $layout" dmesg-states > "$work/got"
	expect
done
