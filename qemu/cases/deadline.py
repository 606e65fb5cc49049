# SPDX-License-Identifier: GPL-2.0-or-later
"""A target so slow that hardly what was begun can be finished in time: the machine comes
back at the deadline, with the log, what the console had called durable, and without a
dump that looks whole."""
from harness import questions
from harness.case import DISK, SMALL, Case
from harness.guest import Guest
from harness.machine import Disk, Machine


def prepare(guest: Guest) -> None:
	guest.target.speed = 1000000 // guest.scale


def check(guest: Guest) -> None:
	questions.incomplete(guest, 1, 2)
	questions.durable(guest)


CASE = Case(
	machine=Machine(no_reboot=True, read_here=True),
	target=Disk(),
	config=DISK + "deadline 15\nstall 12",
	words=SMALL, back=30, leaves="log",
	# It ends by itself where the disk takes the last of it in time, else it is ended.
	console=("the deadline .*came|its time was over in stage",),
	prepare=prepare, check=check)
