#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Any number of workers makes a dump of the same pages.
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"

core "layout = 6.12" classes "@0xc00+512 data=random:3"
for n in 1 2 3 8; do
	capture 31 --workers "$n"
	"$READDUMP" pages "$work/out/vmcore" > "$work/pages.$n"
	cmp "$work/pages.1" "$work/pages.$n" || fail "$n workers make another dump"
done
