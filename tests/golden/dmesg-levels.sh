#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Records by level and facility, the same from a core and from a dump, ring or buffer.
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"

for layout in 4.19 5.10 7.2; do
	core "layout = $layout" dmesg-levels
	capture 31
	for file in "$work/core" "$work/out/vmcore"; do
		for options in "-l err" "--level=err+" "-l +notice" "-l warn,crit -x" \
			"-x -f user,daemon" "-f kern -l debug" "--decode"; do
			echo "## $options"
			# shellcheck disable=SC2086 # they are words
			"$AGENT" dmesg $options "$file"
		done > "$work/got"
		expect
	done
done
for wrong in "-l" "-l loud" "-l ," "-l +err+" "-l err," "-f nobody" "-z"; do
	# shellcheck disable=SC2086
	"$AGENT" dmesg $wrong "$work/core" > "$work/wrong" 2>&1 && fail "$wrong is taken"
	grep -q 'see crashbox --help' "$work/wrong" || fail "$wrong: $(cat "$work/wrong")"
done
