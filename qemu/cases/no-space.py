# SPDX-License-Identifier: GPL-2.0-or-later
"""Two targets, both too small: the log and the manifest are on both, and say why there is
no vmcore; the larger one has as much of it as it takes. The old dump stays, for there is
no new one in its place."""
import shutil

from harness import disks, host, questions
from harness.case import DISK, SECOND_DISK, SMALL, Case
from harness.guest import Guest
from harness.machine import Disk, Machine
from harness.verdict import Failed

OLD = "crash/testhost-2020-01-01-00:00:00"


def prepare(guest: Guest) -> None:
	seed = guest.path("seed")
	guest.write(f"seed/{OLD}/vmcore", "old\n")
	disks.target(guest.folder, Disk(size="18M", mkfs=["-d", str(seed)]))


def tidy(guest: Guest) -> None:
	if guest.read(f"out/{OLD}/vmcore") != "old\n":
		raise Failed("the old dump is gone")
	shutil.rmtree(guest.path("out") / OLD)


def check(guest: Guest) -> None:
	"""The smaller one first is judged by the fields of the case."""
	questions.no_vmcore(guest)
	questions.mode(guest.dump / "manifest.json", 0o600)
	if (guest.dump / "vmcore-incomplete").exists():
		raise Failed("the smaller one was chosen")

	questions.logged(guest, out="out-second")
	questions.incomplete(guest, 2)
	questions.facts(guest, valid__value="false", dmesg_saved="true",
			complete__reasons="*o space*",
			errors="*what fits is written, the worthiest first*")
	part = guest.path("dmesg-of-part")
	if host.status_of([host.READER, "dmesg", guest.dump / "vmcore-incomplete"], part):
		raise Failed("the log cannot be read out of the part")
	if part.read_bytes() != (guest.dump / "vmcore-dmesg.txt").read_bytes():
		raise Failed("the part has another log")


CASE = Case(
	rare=True,	# tests/faults/cases has it without a VM
	machine=Machine(no_reboot=True, read_here=True),
	second="20M",
	config=DISK + SECOND_DISK + "keep 1",
	words=SMALL, leaves="log",
	facts={"complete.value": "false", "complete.reasons": "*the dump needs about*"},
	prepare=prepare, tidy=tidy, check=check)
