#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Variants: | nfs4 sftp nfs3
#
# There is no IPv4 at all.
# shellcheck source=qemu/lib.sh
. "${0%/*}/../lib.sh"
# shellcheck source=qemu/net.sh
. "$top/qemu/net.sh"
start_server
target=$target6
config <<END
$guest_net6
target $target
$target_config
deadline 90
END
boot fk.crash=sysrq fk.cache=0

expect_saved 60
expect_console 'fd00:2::15/64'
note_time
