#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Slab pages stay, even when the words that slab puts over mapping look like anonymous
# memory; up to 6.9 slab is a page flag, from 6.10 on a page type.
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"

for layout in 4.19 5.10 6.1 6.4 6.7; do
	core "layout = $layout" slab-flag
	dropped 31 > "$work/got"
	expect
done
for layout in 6.11 6.12 7.2; do
	core "layout = $layout" slab-type
	dropped 31 > "$work/got"
	expect
done
