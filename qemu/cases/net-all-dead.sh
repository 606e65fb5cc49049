#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Seconds: 160
#
# No target can be had: each is tried again and again, each is named with its reason, and
# the machine is back by its deadline.
# shellcheck source=qemu/lib.sh
. "${0%/*}/../lib.sh"
# shellcheck source=qemu/net.sh
. "$top/qemu/net.sh"
config <<END
$guest_net
target nfs:$black_hole:/crash
target nfs4:$server:/crash
target nfs:10.0.2.99:/crash
insecure yes
deadline 90
END
first_modules="$first_modules nfs nfsv3 nfsv4"
boot fk.crash=sysrq fk.cache=0

expect_back 100
expect_console 'nothing is saved yet: all is tried again in 5 s'
expect_console 'target 1 has no dump, .*66 port 2049: no answer in 5 s'
expect_console 'target 2 has no dump, .*2 port 2049: Connection refused'
expect_console 'target 3 has no dump, .*99 port 2049: \(Host is unreachable\|no answer in 5 s\)'
expect_console 'the crash is NOT saved'
note_time
