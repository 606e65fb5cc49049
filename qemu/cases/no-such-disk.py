# SPDX-License-Identifier: GPL-2.0-or-later
"""The file system is not there: nothing can be saved, and the machine comes back in time."""
from harness.case import Case
from harness.guest import Guest
from harness.machine import Disk
from harness.verdict import Failed

NOWHERE = "01234567-89ab-cdef-0123-456789abcdef"


def check(guest: Guest) -> None:
	if guest.path("out/crash").exists():
		raise Failed("something was written to a disk nobody named")


CASE = Case(
	rare=True,	# tests/faults/cases has it without a VM
	seconds=100,
	target=Disk(size="100M"),
	config=f"target disk:UUID={NOWHERE}:/crash\ndeadline 40\nstall 20",
	back=70, leaves="", console=(NOWHERE,), check=check)
