#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The binary that ships has a ceiling, stripped: 1352000 bytes; so have the half of it that a
# capture image holds, 900 KiB, and an image without modules, 450 KiB.
# shellcheck source=tests/lint/lib.sh
. "${0%/*}/lib.sh"

binary=build/crashbox
[ -f "$binary" ] || { echo "$binary is not there; run make first"; exit 1; }
cp "$binary" build/lint-size
strip build/lint-size
bytes=$(wc -c < build/lint-size)
rm -f build/lint-size
echo "$bytes bytes"
[ "$bytes" -le 1352000 ] || complain "$binary has $bytes bytes stripped, 1352000 are allowed"
printf 'target disk:LABEL=crash:/\n' >build/lint-size.conf
image() {
	"$binary" image --no-modules --config build/lint-size.conf "$@"
}
half=$(image --list 2>/dev/null | awk '$3 == "init" { print $2 }')
image --output build/lint-size 2>/dev/null >&2
image=$(wc -c <build/lint-size)
rm -f build/lint-size build/lint-size.conf
echo "$half bytes in an image of $image"
[ "$half" -le 921600 ] || complain "an image has $half bytes of $binary, 921600 are allowed"
[ "$image" -le 460800 ] || complain "an image has $image bytes, 460800 are allowed"
file=$(readelf -lW "$binary")
case $file in *INTERP*) complain "$binary is not static" ;; esac
verdict < /dev/null
