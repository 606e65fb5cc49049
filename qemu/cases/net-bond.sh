#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Variants: nfs4 | sftp nfs3
#
# Two cables in an active-backup bond; the active one is pulled out in the middle of the dump.
# shellcheck source=qemu/lib.sh
. "${0%/*}/../lib.sh"
# shellcheck source=qemu/net.sh
. "$top/qemu/net.sh"
second_leg
start_server
throttle 20mbit
in_the_middle carrier off
config <<END
net bond0 bond=52:54:00:12:34:56,52:54:00:12:34:57 address=10.0.2.15/24
target $target
$target_config
stall 20
deadline 90
END
boot fk.crash=sysrq fk.cache=0

expect_saved 70
[ -f "$dir/died" ] || fail "the dump was through before the cable was pulled"
note_time
