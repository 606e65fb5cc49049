# SPDX-License-Identifier: GPL-2.0-or-later
"""The image is made by the machine that crashes: drivers of the disk and of its file
system are found in its own sysfs, and their modules in its own /lib/modules."""
from harness.case import DISK, Case
from harness.machine import Disk, Images

CASE = Case(
	images=Images(generic="here"),
	target=Disk("xfs"),
	config=DISK,
	console=("drivers  virtio_blk virtio_pci xfs",))
