#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The last target there is has no room for all of the dump: what fits is written, the
# worthiest first, and says that it is a part. Where not even that much fits which a dump is
# good for, it is not begun. The log and the manifest are there each time.
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"

[ "$(id -u)" = 0 ] || skip "a small file system can only be mounted by root"
if [ -z "${CRASHBOX_MOUNTS:-}" ]; then
	CRASHBOX_MOUNTS=1 exec unshare --mount "$0"
fi
core fit
small=$work/small
mkdir "$small"

# into KIB: a capture to a file system of that size; its status is $rc
into()
{
	mount -t tmpfs -o "size=${1}k" crashbox-test "$small"
	rc=0
	"$AGENT" capture --codec none "$work/core" "$small/out" 2> "$work/stderr" || rc=$?
	rm -rf "$work/out"
	cp -r "$small/out" "$work/out"
	umount "$small"
	equals "$1 KiB: the log" "hello" "$(sed 's/.*\] //' "$work/out/vmcore-dmesg.txt")"
	equals "$1 KiB: the manifest knows of it" true "$(manifest dmesg_saved)"
}

into 65536
equals "room for all: exit status" 0 $rc
whole=$(stat -c %s "$work/out/vmcore")
equals "room for all: verified" true "$(manifest verified)"

into $((whole * 9 / 10 / 1024))
equals "room for nine tenths: exit status" 1 $rc
[ ! -e "$work/out/vmcore" ] || fail "a part is called vmcore"
equals "room for nine tenths: valid" false "$(manifest valid value)"
case $(manifest complete reasons) in
*"o space"*) ;;
*) fail "the manifest does not say that it was full: $(manifest complete reasons)" ;;
esac
case $(manifest errors) in
*"what fits is written, the worthiest first"*) ;;
*) fail "no word before it was begun: $(manifest errors)" ;;
esac
part=$(stat -c %s "$work/out/vmcore-incomplete")
[ "$part" -gt $((whole * 8 / 10)) ] || fail "$part bytes of $whole were written"
rc=0
"$AGENT" check "$work/out/vmcore-incomplete" > "$work/check" 2>&1 || rc=$?
equals "check of the part" 2 $rc
"$AGENT" dmesg "$work/out/vmcore-incomplete" > "$work/dmesg" 2> "$work/stderr" ||
	fail "the log cannot be read from the part: $(cat "$work/stderr")"
cmp "$work/dmesg" "$work/out/vmcore-dmesg.txt" || fail "the part has another log"

into 900
equals "room for the log: exit status" 1 $rc
for file in "$work/out"/vmcore "$work/out"/vmcore-incomplete; do
	[ ! -e "$file" ] || fail "a dump was begun for nothing"
done
case $(manifest complete reasons) in
*"the least that a dump is good for"*) ;;
*) fail "the manifest does not say why: $(manifest complete reasons)" ;;
esac
