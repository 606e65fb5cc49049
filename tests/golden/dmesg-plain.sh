#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Time, text, several lines in one record, one without its newline yet.
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"

for layout in 4.19 5.10 6.1 6.12 7.2; do
	dmesg_of "layout = $layout" dmesg-plain > "$work/got"
	expect
done
