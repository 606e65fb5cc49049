#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Variants: nfs4 sftp | nfs3
#
# The whole dump over the network, through a cable of its own.
# shellcheck source=qemu/lib.sh
. "${0%/*}/../lib.sh"
# shellcheck source=qemu/net.sh
. "$top/qemu/net.sh"
start_server
config <<END
$guest_net
target $target
$target_config
deadline 90
END
boot fk.crash=sysrq fk.cache=0

expect_saved 60
expect target "$target"
note_time
