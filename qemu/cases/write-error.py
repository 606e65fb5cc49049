# SPDX-License-Identifier: GPL-2.0-or-later
"""One write of the dump fails, as on a bad sector: the disk keeps the log, a manifest
that says what happened, and no vmcore; the second target gets the whole dump."""
from harness import disks, questions
from harness.case import DISK, SECOND_DISK, SMALL, Case
from harness.guest import Guest
from harness.machine import Disk, Machine


def check(guest: Guest) -> None:
	questions.logged(guest)
	questions.incomplete(guest, 1, 2)
	# Where it was the journal's write, the kernel lets nobody write there any more.
	reason = "*writing vmcore*I/O error*"
	if ": Remounting filesystem read-only" in guest.read("console.log"):
		reason = "*the capture was not finished*"
	questions.facts(guest, valid__value="false", valid__reasons=reason)


CASE = Case(
	machine=Machine(no_reboot=True, read_here=True),
	target=Disk(), second="400M",
	config=DISK + SECOND_DISK, words=SMALL,
	out="out-second", facts={"errors": "*target 1*I/O error*"},
	prepare=lambda guest: disks.fails_at(guest.folder, 40, once=True), check=check)
