#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The first target has no file system: the second one gets the dump, and the manifest
# says what was wrong with the first.
# shellcheck source=qemu/lib.sh
. "${0%/*}/../lib.sh"
no_reboot=yes
read_here=yes
target_disk ext4 400M
config <<END
target disk:/dev/vda:/crash
target disk:LABEL=crash:/crash
END
boot fk.crash=sysrq

expect_saved 60
expect errors '*vda: neither ext4 nor xfs*'
