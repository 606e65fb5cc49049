#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Seconds: 110
#
# Nobody listens at the target's port: it is asked again and again, and the machine is back by
# its deadline.
# shellcheck source=qemu/lib.sh
. "${0%/*}/../lib.sh"
# shellcheck source=qemu/net.sh
. "$top/qemu/net.sh"
config <<END
$guest_net
target nfs:$server:/crash
insecure yes
deadline 60
END
first_modules="$first_modules nfs nfsv3 nfsv4"
boot fk.crash=sysrq fk.cache=0

expect_back 80
expect_console 'nothing is saved yet: all is tried again in 2 s'
expect_console 'target 1: NFS server: 10.0.2.2 port 2049: Connection refused'
expect_console 'target 1 has no dump, NFS server: .*refused: nfs:10.0.2.2:/crash'
expect_console 'the crash is NOT saved'
note_time
