#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Variants: nfs4 | sftp nfs3
#
# The carrier comes fifteen seconds after the crash, as behind a switch that is in no hurry.
# shellcheck source=qemu/lib.sh
. "${0%/*}/../lib.sh"
# shellcheck source=qemu/net.sh
. "$top/qemu/net.sh"
start_server
hook="$hook; '$top/qemu/monitor' '$dir' set_link net0 off
(sleep 20; '$top/qemu/monitor' '$dir' set_link net0 on) >/dev/null 2>&1 &"
config <<END
$guest_net
target $target
$target_config
deadline 90
END
boot fk.crash=sysrq fk.cache=0

expect_saved 70
note_time
