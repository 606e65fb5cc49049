#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The table of ways to crash: each line is whole, and names what the guest's init, the lab
# module and qemu/qmp have; and of these nothing is without a line.
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"
cd "$top/qemu"

lines=$(grep -v '^#' crashes)
echo "$lines" | awk -F ' +[|] +' 'NF != 4 || $1 !~ /^[a-z0-9-]+$/ || $2 !~ /^(any|amd64|arm64)$/ ||
	$3 !~ /^fk.crash=/ || seen[$1]++ { print }' >"$work/odd"
[ ! -s "$work/odd" ] || fail "qemu/crashes: no line of four columns: $(cat "$work/odd")"

# words KEY: the values of fk.KEY= in the table
words() { echo "$lines" | grep -o "fk\.$1=[^ ]*" | sed 's/.*=//' | LC_ALL=C sort -u; }

sed -n '/^} lab_ways/,/^};/s/^\t{ "\([^"]*\)".*/\1/p' lab-module/lab.c | LC_ALL=C sort >"$work/lab"
equals "ways of the lab module" "$(cat "$work/lab")" "$(words lab)"
for kind in $(words crash); do
	grep -q "\"$kind\"" first-kernel/crash.c || fail "first-kernel/crash.c has no $kind"
done
for step in $(echo "$lines" | grep -o 'fk\.[a-z]*' | cut -c 4- | sort -u); do
	grep -q "\"$step\"" first-kernel/*.c || fail "first-kernel knows no fk.$step"
done
for what in $(words ask); do
	grep -q "\"$what\": (" qmp || fail "qemu/qmp has no $what"
done
