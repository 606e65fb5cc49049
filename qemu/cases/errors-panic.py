# SPDX-License-Identifier: GPL-2.0-or-later
"""The first target's superblock says errors=panic, and its folder is damaged, as it is
where that was why the machine died: the capture kernel does not panic in turn, and the
second target gets the whole dump."""
import re

from harness import disks, host
from harness.case import DISK, SECOND_DISK, SMALL, Case
from harness.guest import Guest
from harness.machine import Disk, Machine
from harness.verdict import Failed, Lost


def prepare(guest: Guest) -> None:
	(guest.path("seed") / "crash").mkdir(parents=True)
	disks.target(guest.folder, Disk(mkfs=["-d", str(guest.path("seed"))]))
	target = guest.path("target")
	host.do("tune2fs", ["tune2fs", "-e", "panic", target], guest.path("tune2fs.log"))
	block = host.output("debugfs", "-R", "blocks /crash", target).strip()
	size = re.search(r"^Block size: *(\d+)", host.output("dumpe2fs", "-h", target), re.M)
	if not block or not size:
		raise Lost("where is /crash?")
	with open(target, "r+b") as file:
		file.seek(int(block) * int(size[1]))
		file.write(b"\xaa" * int(size[1]))


def check(guest: Guest) -> None:
	said = guest.read("console.log")
	if "EXT4-fs error" not in said:
		raise Failed("nobody has met the damage")
	if "panic forced after error" in said:
		raise Failed("the capture kernel panicked")


CASE = Case(
	rare=True,
	machine=Machine(no_reboot=True, read_here=True),
	second="400M",
	config=DISK + SECOND_DISK, words=SMALL, out="out-second",
	prepare=prepare, check=check)
