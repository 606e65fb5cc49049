#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# UTF-8 stays as it is; what could harm a terminal is shown as \xNN.
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"

for layout in 4.19 5.10 6.1 6.12 7.2; do
	dmesg_of "layout = $layout" dmesg-bytes > "$work/got"
	expect
done
