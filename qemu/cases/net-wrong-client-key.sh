#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The server does not know our key: it is tried, nobody is asked for a password, and the next
# target gets the dump.
# shellcheck source=qemu/lib.sh
. "${0%/*}/../lib.sh"
# shellcheck source=qemu/net.sh
. "$top/qemu/net.sh"
kind=sftp
known_key=other-id
start_server
read_here=yes
target_disk ext4 400M
config <<END
$guest_net
target $target
target disk:LABEL=crash:/crash
$target_config
deadline 60
END
boot fk.crash=sysrq fk.cache=0

expect_back 60
expect_console 'target 1 has no dump, .*Permission denied'
[ -z "$(find "$export_dir" -mindepth 1)" ] || fail "the server let us in"
find_dump /crash out-disk
expect_dmesg 'sysrq triggered crash'
expect_whole_dump
note_time
