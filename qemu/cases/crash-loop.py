# SPDX-License-Identifier: GPL-2.0-or-later
"""A machine that crashes again and again, with the same disk each time: three dumps, and
of the fourth crash only log and manifest; nothing of the three is touched, and the
machine goes on as after any capture. The same where the clock starts anew at each boot;
and there, if the kernels before had been up for days by their manifests, a fifth crash is
dumped, however close together the clock has them, and so is a sixth after a boot that
ended in good order."""
import re
import shutil
from pathlib import Path
from typing import List

from harness import disks, host, questions
from harness.case import DISK, SMALL, Case
from harness.guest import DONE, OFF, STATE_SIZE, Guest
from harness.machine import Disk, Machine
from harness.verdict import Failed, Lost

DAYS = '"uptime_seconds": 259200'
LOAD = "load --kernel /capture/vmlinuz --initrd /capture/initrd\n"


def words(guest: Guest) -> List[str]:
	return [*SMALL, *(["fk.lib=yes"] if guest.variant == "no-clock" else [])]


def again(guest: Guest, nth: int) -> None:
	"""The same machine, and the same crash, once more; what it left is in out/."""
	host.blank(guest.path("state"), STATE_SIZE)
	guest.path("console.log").rename(guest.path(f"console-{nth}.log"))
	guest.path("events").rename(guest.path(f"events-{nth}"))
	outcome = guest.start(*words(guest))
	if outcome.status != OFF:
		raise Lost(f"crash {nth}: {outcome.words}")
	for name in ("out", "out-disk", "out-second"):
		shutil.rmtree(guest.path(name), ignore_errors=True)
	guest.unpack()
	questions.back(guest, 60)


def dumps(guest: Guest, *folders: str) -> List[Path]:
	return [path for folder in folders
		for path in sorted((guest.path(folder) / "crash").glob(f"{guest.host}-*"))]


def three_dumps(guest: Guest) -> None:
	questions.find_dump(guest)
	questions.whole_dump(guest)
	again(guest, 2)
	again(guest, 3)
	for guest.dump in dumps(guest, "out"):
		questions.whole_dump(guest)
	if len(dumps(guest, "out")) != 3:
		raise Failed(f"{len(dumps(guest, 'out'))} dumps of three crashes")
	guest.path("out").rename(guest.path("before"))


def fourth(guest: Guest) -> None:
	again(guest, 4)
	for old in dumps(guest, "before"):
		new = guest.path("out/crash") / old.name
		if not questions.same_tree(old, new):
			raise Failed(f"{old.name} was touched")
		shutil.rmtree(new)
	questions.logged(guest)
	questions.nothing_begun(guest)
	questions.facts(
		guest, valid__value="false", complete__value="false", dmesg_saved="true",
		complete__reasons="*crash loop: 3 crashes within 2h; only the log is kept*")
	questions.console(guest, "target 1: crash loop: 3 crashes within 2h",
			  "target 1 has the dmesg and no dump, crash loop", "rebooting")


def said(guest: Guest, verb: str, of: Path) -> str:
	log = guest.path(verb)
	log.unlink(missing_ok=True)
	if host.status_of([host.READER, verb, of], log):
		raise Failed(f"{verb}: {host.read(log)}")
	return host.read(log)


def operator_sees(guest: Guest) -> None:
	version = re.escape(host.read(guest.parts().kernel / "version").strip())
	text = said(guest, "list", guest.path("before/crash"))
	seen = re.findall(rf"complete .* {version}  *Kernel panic - not syncing: sysrq", text)
	if len(seen) != 3:
		raise Failed(f"list shows {len(seen)} of three dumps: {text}")
	text = said(guest, "list", guest.path("out/crash"))
	if not re.search(f"^{guest.dump.name}  *log only ", text, re.M):
		raise Failed(f"list: {text}")
	text = said(guest, "show-dump", guest.dump)
	if not re.search("not complete  *crash loop: 3 crashes", text):
		raise Failed(f"show-dump: {text}")


def days_between(guest: Guest) -> None:
	"""Days between crashes that the clock does not know of."""
	log = guest.path("debugfs.log")
	for old in dumps(guest, "before"):
		text = re.sub('"uptime_seconds": [0-9]*', DAYS, host.read(old / "manifest.json"))
		guest.write("manifest", text)
		file = f"/crash/{old.name}/manifest.json"
		guest.write("commands", f"rm {file}\nwrite {guest.path('manifest')} {file}\n")
		host.status_of(["debugfs", "-w", "-f", guest.path("commands"), guest.path("target")],
			       log)
		if DAYS not in host.output("debugfs", "-R", f"cat {file}", guest.path("target")):
			raise Lost(f"debugfs: {host.last_line(host.read(log))}")


def dumped_again(guest: Guest, nth: int, boot: int, console: str, *earlier: str) -> None:
	again(guest, nth)
	for old in dumps(guest, *earlier):
		shutil.rmtree(guest.path("out/crash") / old.name, ignore_errors=True)
	questions.find_dump(guest)
	questions.whole_dump(guest)
	questions.fact(guest, "boot", str(boot))
	questions.console(guest, console)


def without_clock(guest: Guest) -> None:
	if not re.match(f"{guest.host}-(1970|2070)-01-01-", guest.dump.name):
		raise Lost(f"the guest's clock did not start anew: {guest.dump.name}")
	questions.fact(guest, "boot", "4")
	short = int(questions.manifest(guest, "uptime_seconds"))
	if short >= 600:
		raise Failed(f"uptime_seconds is {short}")
	days_between(guest)
	guest.path("out").rename(guest.path("fourth"))
	dumped_again(guest, 5, 5, "4 crashes close together by the clock, but the machine was up "
		     "for too long", "before", "fourth")
	guest.path("out").rename(guest.path("fifth"))

	between = guest.start("fk.role=verbs", "fk.lib=yes")
	if between.status != DONE:
		raise Lost(f"the boot in between: {between.words}")
	dumped_again(guest, 6, 7, "5 crashes close together by the clock, but boots without one in "
		     "between", "before", "fourth", "fifth")


def story(guest: Guest) -> None:
	disks.target(guest.folder, Disk(size="600M"))
	if guest.variant == "no-clock":
		guest.machine.devices.append("-rtc base=1970-01-01T00:00:00")
		disks.second(guest.folder, "16M")
		guest.write("verbs", LOAD)
	guest.config(DISK + "crash_loop 3 in 2h\nkeep 5\non_failure halt")
	guest.boot(*words(guest))
	questions.back(guest, 60)
	three_dumps(guest)
	fourth(guest)
	operator_sees(guest)
	if guest.variant == "no-clock":
		without_clock(guest)


CASE = Case(
	rare=True,
	variants="clock | no-clock", seconds=200,
	machine=Machine(no_reboot=True, read_here=True), story=story)
