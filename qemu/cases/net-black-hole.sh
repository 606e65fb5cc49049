#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Seconds: 90
#
# The target's address swallows everything: each probe ends after its five seconds, and the
# machine is back by its deadline.
# shellcheck source=qemu/lib.sh
. "${0%/*}/../lib.sh"
# shellcheck source=qemu/net.sh
. "$top/qemu/net.sh"
config <<END
$guest_net
target nfs:$black_hole:/crash
insecure yes
deadline 60
END
first_modules="$first_modules nfs nfsv3 nfsv4"
boot fk.crash=sysrq fk.cache=0

expect_back 80
expect_console 'target 1 has no dump, NFS server: 10.0.2.66 port 2049: no answer in 5 s'
expect_console 'the crash is NOT saved'
note_time
