#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The target's ext4 has quotas and names without case: the kernel mounts it read-write only
# with the quota format's module (Debian: quota_v2, quota_tree), for which it asks a modprobe
# that is not there. The image is made by the machine itself, for the disk that it finds.
# shellcheck source=qemu/lib.sh
. "${0%/*}/../lib.sh"
generic=here
no_reboot=yes
read_here=yes
target_disk ext4 400M -O quota,project,casefold
config <<END
target disk:LABEL=crash:/crash
END
boot fk.crash=sysrq

expect_saved 60
