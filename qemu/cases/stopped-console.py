# SPDX-License-Identifier: GPL-2.0-or-later
"""A stray Ctrl-S reaches the capture kernel's serial console at crashbox's first line:
the dump is whole and the machine comes back, as if nobody had typed anything."""
from harness.case import DISK, SMALL, Case
from harness.guest import Guest
from harness.machine import Disk, Images, Machine
from harness.verdict import Lost

# Each is warned of: more words than a line that is stopped can hold back (4 KiB).
WARNED_OF = [f"crashbox.{letter}" for letter in "abcde"] * 12


def tidy(guest: Guest) -> None:
	if "at its first line" not in guest.read("bad-console.log"):
		raise Lost("no XOFF was sent")


CASE = Case(
	machine=Machine(console="xoff", no_reboot=True, capture_seconds=75, read_here=True),
	images=Images(append=WARNED_OF),
	target=Disk(),
	config=DISK + "deadline 60\nstall 20",
	words=SMALL, back=45, console=("crashbox: rebooting",), tidy=tidy)
