#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Variants: sftp | nfs4 nfs3
# Seconds: 190
#
# In the middle of the dump the server answers nothing any more, its connection stays. What
# waits for it may not even be killed; the machine is back all the same.
# shellcheck source=qemu/lib.sh
. "${0%/*}/../lib.sh"
# shellcheck source=qemu/net.sh
. "$top/qemu/net.sh"
start_server
throttle 20mbit
in_the_middle freeze_server
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
expect_console 'nothing moved for .* in stage copy\|target 1: writing vmcore'
expect_console "target 1 has the dmesg and no dump, .*: $target"
note_time
