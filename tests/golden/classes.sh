#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Every class of page that all kernels have, on every layout of struct page: the same
# pages are left out whatever the kernel calls them and wherever it keeps the order.
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"

for layout in 4.19 5.10 6.1 6.4 6.7 6.11 6.12 7.2; do
	core "layout = $layout" classes
	dropped 0 1 2 4 8 16 31 > "$work/got"
	expect
done
