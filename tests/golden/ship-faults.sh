#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# crashbox ship to a store that breaks in each way: one line of error, nothing is lost, and the
# next run makes it whole, without what was confirmed before.
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"
# shellcheck source=tests/ship.sh
. "$top/tests/ship.sh"
b=h-2026-01-02-10:00:00 c=h-2026-01-03-10:00:00

store
conf "ship s3:http://127.0.0.1:$port/bucket/pre" "ship_part 5" "stall 5"
crash $b 11000000
crash $c 1000
rm -f "$crashes"/*/report.* "$crashes"/*/*.txt
# breaks FAULT TEXT...: one line of error, nothing is lost, and the next run makes it whole
breaks()
{
	rm -rf "$work/s3/store/bucket" "$root/var/lib/crashbox/crashes"
	echo "$1" >"$work/s3/fault"
	shift
	ship 1 "$crashes"
	says "$@"
	equals "lines of error" 1 "$(grep -cv '^sent \|^[0-9]* file' "$work/said")"
	[ -s "$crashes/$b/vmcore" ] || fail "$1: the dump is gone"
	rm "$work/s3/fault"
	cp "$work/s3/log" "$work/s3/log.before"
	ship 0 "$crashes"
	same $b $c
}
breaks 403 "answers 403"
breaks "503 vmcore?partNumber=2" "answers 503 SlowDown (no, SlowDown)"
equals "parts that were confirmed" 1 "$(asked 'partNumber=2&')"
equals "and sent again" 0 "$(asked 'partNumber=1&')"
breaks "cut vmcore?partNumber=3" "curl"
equals "parts that are left" 1 "$(asked 'partNumber=')"
breaks "tag vmcore?partNumber=2" "other bytes than were sent (ETag 00000000"
breaks "tag $(echo $c | sed 's/:/%3A/g')/vmcore" "other bytes than were sent (ETag 00000000"
breaks "drop POST" "was put together, and is not there"
breaks "late POST" "InternalError"
equals "begun anew" 3 "$(asked 'partNumber=')"
breaks "hang vmcore?partNumber=2" "curl: (28)"
# Slow is no fault.
rm -rf "$work/s3/store/bucket" "$root/var/lib/crashbox/crashes"
echo "slow vmcore?partNumber=2" >"$work/s3/fault"
ship 0 "$crashes"
same $b $c

# Answers that never end.
rm -rf "$work/s3/store/bucket" "$root/var/lib/crashbox/crashes"
echo "trickle HEAD" >"$work/s3/fault"
ship 1 "$crashes"
says "curl: (28)"
echo "endless PUT" >"$work/s3/fault"
ship 1 "$crashes"
says "prints more than"
rm "$work/s3/fault"
ship 0 "$crashes"
same $b $c

# One that cannot go, by itself or by the store, holds up no other, until it looks like all.
d=h-2026-01-04-10:00:00
in_url=$(echo $b | sed 's/:/%3A/g')
printf other >"$work/s3/store/bucket/pre/$b/manifest.json"
printf '{"ETag": "x", "sha": "other"}' >"$work/s3/store/bucket/pre/$b/manifest.json.meta"
rm -r "$root/var/lib/crashbox/crashes"
crash $d 1000
ship 1 "$crashes"
says "other bytes at" "they were left alone"
same $d
equals "lines of error" 1 "$(grep -c 'other bytes' "$work/said")"
rm -rf "$work/s3/store/bucket" "$root/var/lib/crashbox/crashes"
echo "400 $in_url" >"$work/s3/fault"
ship 1 "$crashes"
says "answers 400"
same $c $d
rm -rf "$work/s3/store/bucket" "$root/var/lib/crashbox/crashes"
crash h-2026-01-05-10:00:00 10
echo 400 >"$work/s3/fault"
ship 1 "$crashes"
equals "refused in a row" 3 "$(grep -c 'answers 400' "$work/said")"
equals "and asked no more" 3 "$(asked .)"
rm -r "${crashes:?}/$d" "$crashes/h-2026-01-05-10:00:00"

# Who may only write is not told what is there, and replaces nothing all the same.
rm -rf "$work/s3/store/bucket" "$root/var/lib/crashbox/crashes"
mkdir -p "$work/s3/store/bucket/pre/$b" "$work/s3/store/bucket/pre/$c"
echo other | tee "$work/s3/store/bucket/pre/$b/vmcore" >"$work/s3/store/bucket/pre/$c/vmcore"
echo "403 HEAD" >"$work/s3/fault"
ship 1 "$crashes"
says "412 PreconditionFailed"
equals "refused" 2 "$(grep -c ' 412 ' "$work/said")"
equals "the others'" "other other" "$(cat "$work"/s3/store/bucket/pre/*/vmcore | paste -sd ' ')"
# A store that knows no conditions.
rm -rf "$work/s3/store/bucket" "$root/var/lib/crashbox/crashes"
store S3_CONDITIONS=no
conf "ship s3:http://127.0.0.1:$port/bucket/pre" "ship_part 5"
echo "403 HEAD" >"$work/s3/fault"
ship 0 "$crashes"
same $b $c
rm "$work/s3/fault"
store
conf "ship s3:http://127.0.0.1:$port/bucket/pre" "ship_part 5"

# An upload that the store has forgotten, as its rules say after some days.
rm -rf "$work/s3/store/bucket" "$root/var/lib/crashbox/crashes"
echo "503 partNumber=3" >"$work/s3/fault"
ship 1 "$crashes"
store
to=s3:http://127.0.0.1:$port/bucket/pre
sed -i "s|^upload [0-9a-f]*|upload $(printf %s "$to" | sha256sum | cut -c1-16)|" \
	"$root"/var/lib/crashbox/crashes/*.parts
conf "ship $to" "ship_part 5"
ship 0 "$crashes"
same $b $c

