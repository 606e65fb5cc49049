# SPDX-License-Identifier: GPL-2.0-or-later
"""Nobody takes what the capture kernel's serial console says from crashbox's first line
on, so that a write to it would wait for ever: dump and reboot must not care."""
from harness.case import DISK, SMALL, Case
from harness.guest import Guest
from harness.machine import Disk, Images, Machine
from harness.verdict import Lost

# Each is warned of: more words than QEMU and a UART's buffer can hold back (8 KiB).
WARNED_OF = [f"crashbox.{letter}" for letter in "abcdef"] * 20


def tidy(guest: Guest) -> None:
	if "at its first line" not in guest.read("bad-console.log"):
		raise Lost("the console was never stopped")


CASE = Case(
	rare=True,
	machine=Machine(console="deaf", no_reboot=True, capture_seconds=75, read_here=True),
	images=Images(append=WARNED_OF),
	target=Disk(),
	config=DISK + "deadline 60\nstall 20",
	words=SMALL, back=50, tidy=tidy)
