#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# crashbox status asks the server of a target as a capture would: it answers, has the pinned
# key, takes ours and a file; and says so when one of these is not so.
# shellcheck disable=SC2119 # functions have defaults
# shellcheck source=tests/sftp/lib.sh
. "${0%/*}/lib.sh"

# asked GRADE CHECK TEXT: what status says, with one target in $folder
asked()
{
	cp "$work/conf" "$work/status.conf"
	echo "target sftp:$(id -un)@127.0.0.1:$port:$folder" >> "$work/status.conf"
	timeout 60 "$AGENT" status --root "$work/none" --config "$work/status.conf" \
		--ssh "$SSH" > "$work/got" 2> "$work/stderr" || :
	grep -q "^$1  *$2 .*$3" "$work/got" ||
		fail "no '$1 $2 ... $3' in: $(cat "$work/got" "$work/stderr")"
}

# The key is read below --root as well.
mkdir -p "$work/none$work"
ln "$work/id" "$work/none$work/id"

server
mkdir "$remote"
folder=$remote
asked ok ssh_key 'an Ed25519 key for root alone'
asked ok 'target 1' ' are free'
equals "what is left on the server" '' "$(ls -A "$remote")"

folder=$remote/not/yet
asked ok 'target 1' ' are free'
[ ! -e "$remote/not" ] || fail "status has made a folder"

# What a dump's bitmaps take where no file system with holes is behind the server.
mkdir -p "$work/none/proc"
echo "fff000000000000-fffffffffffffff : System RAM" > "$work/none/proc/iomem"
asked warn 'target 1' ' are free, and a dump at level 31 may take 64.0 TiB'
rm -r "$work/none/proc"

# A server's file system that has room for bytes, and for no more names.
if [ "$(id -u)" = 0 ]; then
	mkdir "$remote/few"
	mount -t tmpfs -o size=900m,nr_inodes=9 none "$remote/few"
	trap 'umount "$remote/few"; stop_server' EXIT
	folder=$remote/few
	asked fail 'target 1' 'only 8 more files can be made (inodes)'
	umount "$remote/few"
	trap stop_server EXIT
	rmdir "$remote/few"
fi

: > "$work/file"
folder=$work/file/below
asked fail 'target 1' 'file'

folder=$remote
settings "$work/other_key.pub"
asked fail 'target 1' '[Hh]ost key'
settings "$work/host_key.pub" "$work/other_key"
ln "$work/other_key" "$work/none$work/other_key"
asked fail 'target 1' 'Permission denied'
settings
chmod 644 "$work/id"
asked fail ssh_key 'others may read it (mode 644)'
chmod 600 "$work/id"
cp "$work/id.pub" "$work/none$work/nokey"
chmod 600 "$work/none$work/nokey"
settings "$work/host_key.pub" "$work/nokey"
asked fail ssh_key 'not a private key'
settings "$work/host_key.pub" "$work/nowhere"
asked fail ssh_key 'No such file'
settings

stop_server
asked fail 'target 1' '[Cc]onnection refused\|no answer'
