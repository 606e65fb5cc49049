#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The binary that ships has a ceiling, stripped: 1093000 bytes.
# shellcheck source=tests/lint/lib.sh
. "${0%/*}/lib.sh"

binary=build/crashbox
[ -f "$binary" ] || { echo "$binary is not there; run make first"; exit 1; }
cp "$binary" build/lint-size
strip build/lint-size
bytes=$(wc -c < build/lint-size)
rm -f build/lint-size
echo "$bytes bytes"
[ "$bytes" -le 1093000 ] || complain "$binary has $bytes bytes stripped, 1093000 are allowed"
file=$(readelf -lW "$binary")
case $file in *INTERP*) complain "$binary is not static" ;; esac
verdict < /dev/null
