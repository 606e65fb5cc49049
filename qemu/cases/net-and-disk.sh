#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Two good targets: the first has the dump, the second the log, and a manifest that says
# says where the dump is. The first one has a budget of its own.
# shellcheck source=qemu/lib.sh
. "${0%/*}/../lib.sh"
# shellcheck source=qemu/net.sh
. "$top/qemu/net.sh"
kind=nfs4
start_server
read_here=yes
target_disk ext4 400M
config <<END
$guest_net
target $target
budget 60
target disk:LABEL=crash:/crash
$target_config
deadline 90
END
boot fk.crash=sysrq fk.cache=0

expect_saved 60
find_dump /crash out-disk
expect_dmesg 'sysrq triggered crash'
expect_no_vmcore
expect dmesg_saved true
expect valid.value false
expect complete.value false
expect valid.reasons '*the dump is in target 1, nfs4:*'
expect_console 'target 2 has the dmesg and no dump'
note_time
