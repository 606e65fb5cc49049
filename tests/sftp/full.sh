#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A server that is full: known before the copy where it can be asked, in the middle where
# it cannot, and the error says so. The log and the manifest are there all the same.
# shellcheck disable=SC2119 # functions have defaults
# shellcheck source=tests/sftp/lib.sh
. "${0%/*}/lib.sh"

[ "$(id -u)" = 0 ] || skip "a small file system can only be mounted by root"
small=$work/small
mkdir "$small"
mount -t tmpfs -o size=8m crashbox-test "$small"
# shellcheck disable=SC2317,SC2329 # called by the trap
cleanup()
{
	stop_server
	umount "$small"
}
trap cleanup EXIT

bulk 24
remote=$small/dump
server
send "$remote" --codec none
fails "full, and says so" "the dump needs about"
not_finished
[ -s "$remote/manifest.json" ] || fail "no manifest"

remote=$small/second
rm -rf "$small/dump"
server "$SFTP_SERVER -P statvfs"
send "$remote" --codec none
fails "full in the middle" "cannot write at offset"
not_finished
[ -s "$remote/vmcore-incomplete" ] || fail "not in the middle"
[ -s "$remote/manifest.json" ] || fail "no manifest"

# Somebody else fills it while we write.
remote=$small/third
rm -rf "$small/second"
bulk 5
server "$relay --rate 1000000 $SFTP_SERVER"
{
	wait_until in_the_middle
	head -c 6000000 /dev/zero > "$small/filler"
} 2> /dev/null &
send "$remote" --codec none
fails "filled by another" "no space is left on the server"
not_finished
