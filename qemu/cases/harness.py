# SPDX-License-Identifier: GPL-2.0-or-later
"""The harness itself, with no crashbox in the capture kernel: a real crash, a capture
kernel that only copies /proc/vmcore, a file system that was in use, and the way home of
its files. When this fails, look here first and at no other case."""
import re

from harness import host, questions
from harness.case import Case
from harness.guest import Guest
from harness.machine import Disk, Images
from harness.verdict import Failed


def check(guest: Guest) -> None:
	if not re.search(" rawcopy size=[1-9]", guest.read("events")):
		raise Failed("/proc/vmcore was not copied")
	busy = guest.path("out/busy-file")
	questions.mode(busy, 0o644)
	with open(busy, "rb") as file:
		if file.read(23) not in (b"crashbox-dirty-00000000", b"crashbox-cache-00000000"):
			raise Failed("busy-file does not hold what the workload wrote")
	with open(guest.path("raw"), "rb") as file:
		if file.read(4) != b"\x7fELF":
			raise Failed("the copy is no ELF file")
	if "last words of this kernel" not in host.last_line(guest.read("dmesg-before")):
		raise Failed("the log from before the crash is cut")


CASE = Case(
	images=Images(copies_vmcore=True),
	target=Disk(size="100M"), leaves="",
	prepare=lambda guest: host.blank(guest.path("raw"), "1G"), check=check)
