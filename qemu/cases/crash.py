# SPDX-License-Identifier: GPL-2.0-or-later
"""Each way to crash of qemu/crashes on each kernel: log and dump are on the disk, whole, and the
report beside them says what was written of that way before (tests/fixtures/crash-cases).
`make crash-matrix` prints kernels x ways as a table."""
from harness import crashes, disks, host, questions
from harness.case import DISK, Case
from harness.guest import Guest
from harness.machine import Disk
from harness.verdict import Failed

JUDGE, WORDS = "tests/tools/crash-case", "tests/fixtures/crash-cases"
NETWORKED = tuple(way.name for way in crashes.ways() if way.word("fk.nfs="))
# What hangs is noticed by some watchdog first: its longest wait is fk.wait's.
HANGS = 120


def reported(guest: Guest, way: crashes.Way) -> None:
	said = guest.path("report-wrong")
	if host.status_of([JUDGE, WORDS, way.name, guest.dump / "report.json"], said):
		raise Failed(f"report.json: {host.last_line(host.read(said))}")


def story(guest: Guest) -> None:
	way = crashes.way_of(guest.variant)
	disks.target(guest.folder, Disk())
	crashes.prepare(guest, way)
	guest.config(DISK)
	guest.boot(*way.words)
	questions.back(guest, 60 + (HANGS if way.word("fk.wait=") else 0))
	questions.find_dump(guest)
	questions.dmesg(guest, way.says)
	questions.whole_dump(guest)
	reported(guest, way)


CASE = Case(
	rare=True, variants=" ".join(way.name for way in crashes.ways()),
	kernels=" ".join(crashes.KERNELS),
	network=NETWORKED, seconds=120, story=story)
