# SPDX-License-Identifier: GPL-2.0-or-later
"""keep_same 1, and a machine that dies of the same null pointer twice: the second crash leaves
its log, its report and a manifest that says why there is no dump; the first dump stays as it
was. A third crash, of another fault, is dumped."""
import shutil
from typing import List

from harness import disks, host, questions
from harness.case import DISK, SMALL, Case
from harness.common import build_module
from harness.guest import OFF, STATE_SIZE, Guest
from harness.machine import Disk, Machine
from harness.verdict import Failed, Lost, Skipped

FAULT = ("fk.crash=nullderef", "fk.cache=0")


def again(guest: Guest, nth: int, seen: List[str], *words: str) -> None:
	"""The same disk once more. What is new on it stays in out/, the others go to old-NTH/."""
	host.blank(guest.path("state"), STATE_SIZE)
	guest.path("console.log").rename(guest.path(f"console-{nth}.log"))
	guest.path("events").rename(guest.path(f"events-{nth}"))
	outcome = guest.start(*words)
	if outcome.status != OFF:
		raise Lost(f"crash {nth}: {outcome.words}")
	shutil.rmtree(guest.path("out"))
	guest.unpack()
	questions.back(guest, 60)
	old = guest.path(f"old-{nth}")
	old.mkdir()
	for name in seen:
		if not (guest.path("out/crash") / name).is_dir():
			raise Failed(f"crash {nth}: {name} is gone")
		(guest.path("out/crash") / name).rename(old / name)
	seen.append(questions.find_dump(guest).name)


def story(guest: Guest) -> None:
	guest.set(series="6.1")
	if not build_module(guest, "null.ko"):
		raise Skipped("the headers of this 6.1 kernel are no longer on the mirror")
	disks.target(guest.folder, Disk(size="400M"))
	guest.config(DISK + "keep_same 1\ncrash_loop off\non_failure halt")
	guest.boot(*FAULT)
	questions.find_dump(guest)
	questions.whole_dump(guest)
	first = guest.dump.name
	shutil.copytree(guest.dump, guest.path("first"))
	seen = [first]

	again(guest, 2, seen, *FAULT)
	questions.dmesg(guest, "crashbox_null_deref")
	questions.nothing_begun(guest)
	if not (guest.dump / "report.txt").exists():
		raise Failed("the second crash has no report")
	questions.facts(guest, valid__value="false", dmesg_saved="true",
			complete__reasons="*1 whole dump of c1-* (keep_same)*")
	if not questions.same_tree(guest.path("first"), guest.path("old-2") / first):
		raise Failed("the first dump was touched")

	again(guest, 3, seen, *SMALL)
	questions.logged(guest)
	questions.whole_dump(guest)


CASE = Case(
	rare=True, variants="twice", amd64_only="the module is built for amd64 only", seconds=200,
	machine=Machine(no_reboot=True, read_here=True), story=story)
