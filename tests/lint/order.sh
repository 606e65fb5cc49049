#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Who may include whom: agent/ORDER lists layers, the layers each may use, and its files in
# reading order. A file includes only headers of allowed layers and, in its own layer, of
# itself and of files that stand before it. Files that are not listed are complaints too.
# And the two halves of it: what PID 1 needs includes, by way of whatever header, nothing of
# what the healthy machine needs.
# shellcheck source=tests/lint/lib.sh
. "${0%/*}/lib.sh"

files "agent/*/*.c" "agent/*/*.h" | grep -v "^agent/deps/" > build/lint-order-files
{
	sed 's/$/:0:/' build/lint-order-files
	grep_in -nH "^#include \"" < build/lint-order-files
} | awk -v order=agent/ORDER '
BEGIN {
	while ((getline line < order) > 0) {
		if (line ~ /^[ \t]*(#|$)/)
			continue
		layer = line
		sub(/[ \t].*/, "", layer)
		uses = line
		sub(/^[^(]*\(/, "", uses)
		sub(/\).*/, "", uses)
		names = line
		sub(/^[^)]*\)/, "", names)
		known[layer] = 1
		may[layer] = " " uses " "
		n = split(names, name, /[ \t]+/)
		for (i = 1; i <= n; i++)
			if (name[i] != "")
				place[layer "/" name[i]] = ++count
	}
}
{
	split($0, part, ":")
	file = part[1]
	unit = file
	sub(/^agent\//, "", unit)
	sub(/\.[ch]$/, "", unit)
	layer = unit
	sub(/\/.*/, "", layer)
	if (!(unit in place)) {
		print file ": is not listed in " order
		next
	}
	if ($0 !~ /#include/)
		next
	header = $0
	sub(/^[^"]*"/, "", header)
	sub(/".*/, "", header)
	sub(/\.[hc]$/, "", header)
	if (header !~ /\//)
		header = layer "/" header
	from = header
	sub(/\/.*/, "", from)
	if (header == unit)
		next
	if (!(header in place))
		print file ":" part[2] ": includes " header ", not listed in " order
	else if (from == layer && place[header] > place[unit])
		print file ":" part[2] ": includes " header ", which stands after it"
	else if (from != layer && may[layer] !~ (" " from " ") && may[layer] !~ / all /)
		print file ":" part[2] ": " layer " may not include " from
}' | sort -u > build/lint-order

# The dependency files tell what the compiler really opened. A new layer is of the capture's
# half, unless it is named here.
healthy="host|kexec|image|ready|vm|import|ship|verbs"
sed -n "/\.c$/s/^agent/build\/musl/; s/\.c$/.d/p" build/lint-order-files |
	grep -vE "^build/musl/($healthy)/" | while read -r deps; do
	[ ! -f "$deps" ] || echo "$deps"
done | grep_in -oHE "agent/($healthy)/[a-z0-9_]+\.h" | sort -u |
	sed 's|^build/musl/\(.*\)\.d:\(.*\)$|agent/\1.c: opens \2, of the other half|' \
	>> build/lint-order
verdict < build/lint-order
