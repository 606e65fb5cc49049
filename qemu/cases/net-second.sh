#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Variants: nfs4 | sftp nfs3
#
# The first target is a black hole, the second is good.
# shellcheck source=qemu/lib.sh
. "${0%/*}/../lib.sh"
# shellcheck source=qemu/net.sh
. "$top/qemu/net.sh"
start_server
config <<END
$guest_net
target nfs:$black_hole:/crash
target $target
insecure yes
$target_config
deadline 90
END
boot fk.crash=sysrq fk.cache=0

expect_saved 60
expect errors '*10.0.2.66 port 2049: no answer*'
expect_console 'target 1 has no dump, NFS server: 10.0.2.66 port 2049: no answer'
note_time
