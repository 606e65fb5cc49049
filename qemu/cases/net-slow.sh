#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Variants: | nfs4 sftp nfs3
#
# A server behind a megabyte per second: slow is not dead.
# shellcheck source=qemu/lib.sh
. "${0%/*}/../lib.sh"
# shellcheck source=qemu/net.sh
. "$top/qemu/net.sh"
start_server
throttle 8mbit
config <<END
$guest_net
target $target
$target_config
deadline 90
END
boot fk.crash=sysrq fk.cache=0

expect_saved 80
note_time
