#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A gateway that has no files of its own, but hands them on from front to back: rclone's, as it
# stands before a bucket. What goes there is what was sent, from its first byte on, and the
# dump is flattened.
# shellcheck disable=SC2119 # functions have defaults
# shellcheck source=tests/sftp/lib.sh
. "${0%/*}/lib.sh"

command -v rclone > /dev/null || fail "rclone is not there; tests/setup brings it"

# gateway [OPTION...]: rclone before $work/bucket, at $port
gateway()
{
	stop_server
	port=$(free_port)
	mkdir -p "$work/bucket"
	rclone --config /dev/null serve sftp "$work/bucket" --addr "127.0.0.1:$port" \
		--key "$work/host_key" --authorized-keys "$work/authorized" \
		--vfs-cache-mode off "$@" -v > "$work/rclone.log" 2>&1 &
	sshd_pid=$!
	wait_until grep -q "SFTP server listening" "$work/rclone.log"
	: > "$work/sshd_config"
}

core classes dmesg-wrapped
server
remote=$work/disk
send "$remote" --workers 1
succeeds "a server with a disk"
gateway
send /crash --workers 1
succeeds "a gateway"
says "only grows" "lacks fsync@openssh.com"
there=$work/bucket/crash
equals "what is there" "manifest.json report.json report.txt vmcore vmcore-dmesg.txt" \
	"$(find "$there" -type f -printf '%f\n' | sort | tr '\n' ' ' | sed 's/ $//')"
cmp "$there/vmcore-dmesg.txt" "$remote/vmcore-dmesg.txt" || fail "the log is not what a disk has"
cmp -n 200 "$there/report.txt" "$remote/report.txt" || fail "the report's beginning is lost"
"$AGENT" check "$there/vmcore" > "$work/check" 2>&1 || fail "check: $(cat "$work/check")"
"$AGENT" rebuild "$there/vmcore" "$work/plain" 2> "$work/said" || fail "$(cat "$work/said")"
cmp "$work/plain" "$remote/vmcore" || fail "the dump is not what a disk has"
out=$work/out
mkdir -p "$out"
cp "$there/manifest.json" "$out/"
equals "read back" true "$(manifest verified)"
equals "sha256" "$(sha256sum "$there/vmcore" | cut -d ' ' -f 1)" "$(manifest sha256)"
equals "dump bytes" "$(stat -c %s "$there/vmcore")" "$(manifest bytes dump)"
equals "not durable, so not valid" false "$(manifest valid value)"

# One with a cache hands files on when they are closed, some time later.
gateway --cache-dir "$work/cache" --vfs-cache-mode full
send /cached --workers 1
succeeds "a gateway with a cache"
wait_until test -e "$work/bucket/cached/vmcore"
"$AGENT" check "$work/bucket/cached/vmcore" > "$work/check" 2>&1 ||
	fail "cached: check: $(cat "$work/check")"
