#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A log that is longer than its place: the newest records are there, with the line that says
# why, and the others are counted. Where a write fails in the middle, the part stays.
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"

panic="Kernel panic - not syncing: the end"

# newest WHAT N: of the N records the oldest are missing, and that is said and counted
newest()
{
	log=$work/out/vmcore-dmesg.txt
	equals "$1: the last line" "[ 9999.000000] $panic" "$(tail -n 1 "$log")"
	skipped=$(manifest dmesg_records_skipped)
	[ "$skipped" -gt 0 ] || fail "$1: nothing is counted"
	equals "$1: records" "$2" "$(($(wc -l < "$log") + skipped))"
	equals "$1: why" "$panic" "$(manifest panic)"
	case $(manifest errors) in
	*"the oldest $skipped records of it are left out"*) ;;
	*) fail "$1: nothing is said: $(manifest errors)" ;;
	esac
}

# Four bytes of text for each that a terminal would obey: 68 MiB out of a ring of 32.
text=$(awk 'BEGIN { for (i = 0; i < 900; i++) printf "\\x01" }')
core "layout = 6.12" "ram = 0x100000-0x4000000" "pages = none" "log_bits = 25" \
	"desc_bits = -15" "log-many 20000 1.0 \"%u $text\"" "log 9999.0 \"$panic\""
mkdir "$work/out"
"$AGENT" capture "$work/core" "$work/out" > "$work/stdout" 2> "$work/stderr" ||
	fail "a long log: $(tail -n 3 "$work/stderr")"
newest "a long log" 20001
len=$(wc -c < "$work/out/vmcore-dmesg.txt")
[ "$len" -le 67108864 ] || fail "a long log: $len bytes are more than is meant"
[ "$len" -gt 67000000 ] || fail "a long log: only $len bytes"
rm -rf "$work/out"

core "layout = 6.12" "ram = 0x100000-0x2000000" "pages = none" "log_bits = 22" \
	"desc_bits = -15" "log 9999.0 \"$panic\"" \
	"log-many 19000 1.0 \"line %u of a log that is long enough for more than one buffer\""
mkdir "$work/out"
(
	trap '' XFSZ
	ulimit -f 2000
	"$AGENT" capture "$work/core" "$work/out" > "$work/stdout" 2> "$work/stderr"
) || :
part=$work/out/vmcore-dmesg-incomplete.txt
[ -e "$part" ] || fail "a full disk: no part of the log: $(cat "$work/stderr")"
[ "$(wc -c < "$part")" -gt 400000 ] || fail "a full disk: $(wc -c < "$part") bytes"

[ "$(id -u)" = 0 ] || skip "only root may mount a file system that is small"
core "layout = 6.12" "ram = 0x100000-0x2000000" "pages = none" "log_bits = 22" \
	"desc_bits = -15" \
	"log-many 19000 1.0 \"line %u of a log that is long enough for more than one buffer\"" \
	"log 9999.0 \"$panic\""
mkdir "$work/small"
mv "$work/out" "$work/part"
# shellcheck disable=SC2016 # the inner shell's
unshare --mount sh -c '
	mount -t tmpfs -o size=1024k crashbox-test "$2/small" || exit 1
	"$1" capture "$2/core" "$2/small/out" > "$2/stdout" 2> "$2/stderr" && exit 2
	cp -r "$2/small/out" "$2/out"' sh "$AGENT" "$work" ||
	fail "a small disk: $?: $(tail -n 3 "$work/stderr")"
newest "a small disk" 19001
