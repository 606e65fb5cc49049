# SPDX-License-Identifier: GPL-2.0-or-later
"""keep 2, on a disk with two dumps of this machine, one of another and other things: the
oldest of ours goes, once the new one is complete; nothing else does."""
import shutil

from harness import disks, questions
from harness.case import DISK, SMALL, Case
from harness.guest import Guest
from harness.machine import Disk, Machine
from harness.verdict import Failed


def prepare(guest: Guest) -> None:
	disks.old_dumps(guest.path("seed/crash"))
	disks.target(guest.folder, Disk(mkfs=["-d", str(guest.path("seed"))]))


def tidy(guest: Guest) -> None:
	there = guest.path("out/crash")
	oldest, *others = disks.OLD_DUMPS
	for old in others:
		if not questions.same_tree(guest.path("seed/crash") / old, there / old):
			raise Failed(f"{old} was touched")
		shutil.rmtree(there / old)
	if (there / oldest).exists():
		raise Failed("the oldest dump is still there")


CASE = Case(
	rare=True,	# tests/faults/cases has it without a VM
	machine=Machine(no_reboot=True, read_here=True),
	config=DISK + "keep 2", words=SMALL, prepare=prepare, tidy=tidy)
