#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A ring that went round many times: the oldest are gone, the rest is in order.
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"

for layout in 5.10 6.1 6.12 7.2; do
	dmesg_of "layout = $layout" dmesg-wrapped > "$work/got"
	expect
done
