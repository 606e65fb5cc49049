# SPDX-License-Identifier: GPL-2.0-or-later
"""In the middle of the dump the disk answers nothing any more, not even with an error:
what waits for it cannot be killed. crashbox goes on without it, and the second target
gets the whole dump."""
from harness import questions
from harness.case import DISK, SECOND_DISK, SMALL, Case
from harness.guest import Guest
from harness.machine import Disk, Machine


def check(guest: Guest) -> None:
	questions.logged(guest)
	questions.no_vmcore(guest)


CASE = Case(
	machine=Machine(no_reboot=True, read_here=True),
	target=Disk(hangs_after=12000000), second="400M",
	config=DISK + SECOND_DISK + "stall 6\ndeadline 120",
	words=SMALL, back=45, out="out-second",
	console=("nothing moved for", "cannot be killed"),
	check=check)
