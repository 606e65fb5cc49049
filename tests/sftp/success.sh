#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A dump on a server is the one on a disk, byte for byte, over IPv4 and IPv6, with our
# client and with the distribution's; folders are made; no existing dump is touched.
# shellcheck disable=SC2119 # functions have defaults
# shellcheck source=tests/sftp/lib.sh
. "${0%/*}/lib.sh"

core dmesg-plain
server
send "$remote"
succeeds "IPv4"
same_as_disk
equals "mode of the folder" 700 "$(stat -c %a "$remote")"
equals "mode of the dump" 600 "$(stat -c %a "$remote/vmcore")"
equals "other files" "manifest.json report.json report.txt vmcore vmcore-dmesg.txt " \
	"$(cd "$remote" && find . -type f | sed 's,./,,' | sort | tr '\n' ' ')"
grep -q '"valid"' "$remote/manifest.json" || fail "no manifest"

before=$(stat -c %y "$remote/vmcore")
send "$remote"
fails "a second time" "is already there"
equals "untouched" "$before" "$(stat -c %y "$remote/vmcore")"

host='[::1]'
remote=$work/deep/er/still
send "$remote"
succeeds "IPv6, new folders"
same_as_disk
host=127.0.0.1

remote=$work/stock
SSH=/usr/bin/ssh send "$remote"
succeeds "the distribution's client"
same_as_disk

# What a leftover is a link to is not followed.
remote=$work/planted
mkdir "$remote"
echo precious > "$work/precious"
ln -s "$work/precious" "$remote/vmcore-incomplete"
send "$remote"
succeeds "a planted link"
same_as_disk
equals "what it led to" precious "$(cat "$work/precious")"

# Memory far up: what a dump has no bits for is neither sent nor fetched.
core "layout = 6.1" "ram = 0x100000-0x1000000" "ram = 0x8000000000-0x8000100000"
remote=$work/far
send "$remote"
succeeds "memory at 512 GiB"
same_as_disk
taken=$(du -k "$remote/vmcore" | cut -f 1)
[ "$taken" -lt 4096 ] || fail "$taken KiB are taken for 16 MiB of memory"

# New session keys every MiB: the client's files are long gone by then.
bulk 24
server "$SFTP_SERVER" "RekeyLimit 1M"
remote=$work/bulk
send "$remote" --codec none
succeeds "24 MiB"
n=$(grep -c "SSH2_MSG_NEWKEYS received" "$work/sshd.log")
[ "$n" -gt 10 ] || fail "new keys only $n times"
same_as_disk --codec none
"$READDUMP" compare "$remote/vmcore" --core "$work/core" > "$work/compare" ||
	fail "bytes differ from the core: $(head -n 3 "$work/compare")"

# sshd's own SFTP server in place of the program.
remote=$work/internal
server internal-sftp "ForceCommand internal-sftp"
send "$remote"
succeeds "internal-sftp"
same_as_disk
