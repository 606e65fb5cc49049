#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The image is made by the machine that crashes: drivers of the disk and of its file system
# are found in its own sysfs, and their modules in its own /lib/modules.
# shellcheck source=qemu/lib.sh
. "${0%/*}/../lib.sh"
generic=here
target_disk xfs 400M
config <<END
target disk:LABEL=crash:/crash
END
boot fk.crash=sysrq

grep -aq 'drivers  virtio_blk virtio_pci xfs' "$dir"/console*.log ||
	fail "other drivers than of this disk: $(grep -ah '  drivers ' "$dir"/console*.log)"
expect_saved 60
