#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Variants: nfs4 | sftp nfs3
#
# The cable is pulled out of the guest in the middle of the dump.
# shellcheck source=qemu/lib.sh
. "${0%/*}/../lib.sh"
# shellcheck source=qemu/net.sh
. "$top/qemu/net.sh"
start_server
throttle 20mbit
in_the_middle carrier off
config <<END
$guest_net
target $target
$target_config
stall 10
deadline 90
END
boot fk.crash=sysrq fk.cache=0

expect_back 110
find_dump /crash
expect_dmesg 'sysrq triggered crash'
expect_nothing_whole
expect_console "target 1 has the dmesg and no dump, .*: $target"
note_time
