#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Variants: | nfs4 sftp nfs3
#
# The server's disk is too small for the dump: log and manifest are there, and say so, and
# as much of the dump as fits.
# shellcheck source=qemu/lib.sh
. "${0%/*}/../lib.sh"
# shellcheck source=qemu/net.sh
. "$top/qemu/net.sh"
small_export 24M
start_server
config <<END
$guest_net
target $target
$target_config
level 0
deadline 90
END
boot fk.crash=sysrq fk.cache=0

expect_back 60
find_dump /crash
expect_dmesg 'sysrq triggered crash'
expect_no_vmcore
expect valid.value false
expect complete.value false
expect complete.reasons '*the dump needs about*'
expect_incomplete '[12]'
expect_console "target 1 has the dmesg and no dump, .*o space.*: $target"
note_time
