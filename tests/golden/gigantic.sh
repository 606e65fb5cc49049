#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A folio of 1 GiB spans eight sections, and from 6.15 on its sections may carry one more
# flag bit, which is no part of the address of the memory map.
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"

for layout in 6.1 6.12 7.2; do
	core "layout = $layout" gigantic
	dropped 8 > "$work/got"
	expect
done
core "layout = 7.2" "preinit = 1" gigantic
dropped 8 > "$work/got"
expect
