#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Variants: nfs4 | sftp nfs3
# Seconds: 90
#
# The server is killed in the middle of the dump: the next target, a disk, gets all of it, and
# had the log before that.
# shellcheck source=qemu/lib.sh
. "${0%/*}/../lib.sh"
# shellcheck source=qemu/net.sh
. "$top/qemu/net.sh"
start_server
throttle 20mbit
in_the_middle kill_server
read_here=yes
target_disk ext4 400M
config <<END
$guest_net
target $target
target disk:LABEL=crash:/crash
$target_config
stall 10
deadline 90
END
boot fk.crash=sysrq fk.cache=0

expect_back 70
find_dump /crash
expect_dmesg 'sysrq triggered crash'
expect_nothing_whole
expect_console "target 1 has the dmesg and no dump, .*: $target"
expect_console 'target 2 has the dmesg and the dump'
find_dump /crash out-disk
expect_dmesg 'sysrq triggered crash'
expect_whole_dump
note_time
