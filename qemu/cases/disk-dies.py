# SPDX-License-Identifier: GPL-2.0-or-later
"""From the middle of the dump on, the disk fails every write: the log from before is
there, nothing looks whole, and the second target gets the whole dump."""
from harness import disks, questions
from harness.case import DISK, SECOND_DISK, SMALL, Case
from harness.guest import Guest
from harness.machine import Disk, Machine


def check(guest: Guest) -> None:
	questions.logged(guest)
	questions.no_vmcore(guest)


CASE = Case(
	machine=Machine(no_reboot=True, read_here=True),
	target=Disk(), second="400M",
	config=DISK + SECOND_DISK, words=SMALL,
	out="out-second", facts={"errors": "*target 1*"},
	prepare=lambda guest: disks.fails_at(guest.folder, 40, once=False), check=check)
