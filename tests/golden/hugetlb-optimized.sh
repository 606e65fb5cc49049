#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Huge pages whose struct pages share memory: up to 7.0 every 64th one looks like another
# head, from 7.1 on tails hold a mask. The folio goes as a whole and its neighbours stay.
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"

for layout in 5.10 6.1 6.4 6.7 6.11 6.12 7.2; do
	core "layout = $layout" hugetlb-optimized
	dropped 2 8 16 31 > "$work/got"
	expect
done
