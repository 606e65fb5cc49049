#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Variants: | nfs4 sftp
#
# A server that has three crashes of this machine within the last minutes, and others':
# log and manifest of a fourth come to it, and no dump.
# shellcheck source=qemu/lib.sh
. "${0%/*}/../lib.sh"
# shellcheck source=qemu/net.sh
. "$top/qemu/net.sh"
start_server
now=$(date +%s)
for ago in 60 120 180; do
	folder=$export_dir/$(date -u -d "@$((now - ago))" "+$host-%Y-%m-%d-%H:%M:%S")
	mkdir -p "$folder"
	echo dump >"$folder/vmcore"
done
config <<END
$guest_net
target $target
$target_config
END
boot fk.crash=sysrq fk.cache=0

expect_back 60
for old in "$export_dir/$host"-*; do
	[ -e "$old/manifest.json" ] || rm -r "$old"
done
find_dump /crash
expect_dmesg 'sysrq triggered crash'
expect_no_vmcore
[ ! -e "$dump/vmcore-incomplete" ] || fail "a dump was begun"
expect complete.value false
expect complete.reasons '*crash loop: 3 crashes within 15m; only the log is kept*'
expect_console 'target 1: crash loop: 3 crashes within 15m'
note_time
