# SPDX-License-Identifier: GPL-2.0-or-later
"""The target's ext4 has quotas and names without case: the kernel mounts it read-write
only with the quota format's module (Debian: quota_v2, quota_tree), for which it asks a
modprobe that is not there. The image is made by the machine itself, for the disk that it
finds."""
from harness.case import DISK, Case
from harness.machine import Disk, Images, Machine

CASE = Case(
	machine=Machine(no_reboot=True, read_here=True), images=Images(generic="here"),
	target=Disk(mkfs=["-O", "quota,project,casefold"]),
	config=DISK)
