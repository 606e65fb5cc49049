#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Where the kernel says its log's tables are, they are not: memory is searched for the log
# itself. Every message is there in its order, without its time.
# shellcheck source=qemu/lib.sh
. "${0%/*}/../lib.sh"
share_ram=yes
no_reboot=yes
read_here=yes
old='OFFSET(prb_desc_ring.descs)=8'
hook="$top/qemu/overwrite-ram $dir/ram '$old' '${old%8}0' >$dir/hook.log"
target_disk ext4 400M
config <<END
target disk:LABEL=crash:/crash
END
boot fk.crash=sysrq fk.cache=0

expect_back 60
find_dump /crash
expect_whole_dump
expect dmesg_salvaged true
expect_salvaged_dmesg 'sysrq triggered crash'
