# SPDX-License-Identifier: GPL-2.0-or-later
"""on_success poweroff: the machine stays off, and the dump is there."""
from harness.case import DISK, Case
from harness.guest import Guest
from harness.machine import Disk, Machine
from harness.verdict import Failed


def tidy(guest: Guest) -> None:
	if "verdict 3" not in guest.read("events"):
		raise Failed("the machine did not switch itself off")


CASE = Case(
	rare=True,
	machine=Machine(read_here=True),
	target=Disk(),
	config=DISK + "on_success poweroff",
	back=0, tidy=tidy)
