#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Variants: nfs4 | sftp nfs3
#
# The guest's cable carries a VLAN only: what has no tag gets nowhere.
# shellcheck source=qemu/lib.sh
. "${0%/*}/../lib.sh"
# shellcheck source=qemu/net.sh
. "$top/qemu/net.sh"
vlan_port 7
start_server
config <<END
net 52:54:00:12:34:56 vlan=7 address=10.0.2.15/24
target $target
$target_config
deadline 90
END
boot fk.crash=sysrq fk.cache=0

expect_saved 60
note_time
