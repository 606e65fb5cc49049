#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Variants: | nfs4 sftp
#
# keep 2 on a server that has two dumps of this machine and one of another: the oldest of
# ours goes, once the new one is complete; nothing else does.
# shellcheck source=qemu/lib.sh
. "${0%/*}/../lib.sh"
# shellcheck source=qemu/net.sh
. "$top/qemu/net.sh"
start_server
old_dumps "$export_dir"
config <<END
$guest_net
target $target
$target_config
keep 2
END
boot fk.crash=sysrq fk.cache=0

expect_back 60
for old in "$host-2020-02-01-00:00:00" otherhost-2019-01-01-00:00:00 "$host-notes"; do
	[ "$(cat "$export_dir/$old/vmcore")" = old ] || fail "$old was touched"
	rm -r "${export_dir:?}/$old"
done
[ ! -e "$export_dir/$host-2020-01-01-00:00:00" ] || fail "the oldest dump is still there"
find_dump /crash
expect_dmesg 'sysrq triggered crash'
expect_whole_dump
note_time
