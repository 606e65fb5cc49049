#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Memory that a confidential guest has not accepted is free by the largest block. 6.12 has
# the type and does not export it; there the value is known from its neighbour.
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"

for layout in 6.12 7.2; do
	core "layout = $layout" "@0x800 type=unaccepted private=0" \
		"@0x801-0xbff refcount=0"
	dropped 0 8 16 > "$work/got"
	expect
done
