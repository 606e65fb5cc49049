# SPDX-License-Identifier: GPL-2.0-or-later
"""The dump is too large for the time there is: it ends early enough that all of what was
copied is on the disk, and a manifest that says what is missing."""
from harness import questions
from harness.case import DISK, SMALL, Case
from harness.guest import Guest
from harness.machine import Disk, Machine


def prepare(guest: Guest) -> None:
	guest.target.speed = 12000000 // guest.scale


def check(guest: Guest) -> None:
	questions.incomplete(guest, 2)
	questions.mode(guest.dump / "manifest.json", 0o600)


CASE = Case(
	rare=True,
	machine=Machine(no_reboot=True, read_here=True),
	target=Disk(size="1500M"),
	config=DISK + "level 0\ncodec none\ndeadline 16\nstall 12",
	words=SMALL, back=30, leaves="log",
	facts={"valid.value": "false", "complete.value": "false", "valid.reasons": "*deadline*",
	       "dmesg_saved": "true", "pages.written": "[1-9]*"},
	prepare=prepare, check=check)
