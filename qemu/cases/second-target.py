# SPDX-License-Identifier: GPL-2.0-or-later
"""The first target has no file system: the second one gets the dump, and the manifest
says what was wrong with the first."""
from harness.case import DISK, SMALL, Case
from harness.machine import Disk, Machine

CASE = Case(
	rare=True,	# tests/faults/cases has it without a VM
	machine=Machine(no_reboot=True, read_here=True),
	target=Disk(),
	config="target disk:/dev/vda:/crash\n" + DISK,
	words=SMALL,
	facts={"errors": "*vda: none of ext4, xfs, btrfs*"})
