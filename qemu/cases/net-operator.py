# SPDX-License-Identifier: GPL-2.0-or-later
"""The operator's tool against a server that lives, one that answers nothing any more, and
one that is gone: what is there is listed, shown, judged, rehearsed and pruned, and what
does not answer is named, in seconds."""
import re
import time
from pathlib import Path
from typing import List

from harness import host, operator, questions
from harness.case import Case
from harness.guest import Guest
from harness.machine import Machine
from harness.net import Net
from harness.servers import Server
from harness.verdict import Failed

OTHER = "otherhost-2025-01-01-00:00:00"
CUT = "testhost-2025-12-01-00:00:00"
FIRST, MIDDLE, LAST = (f"testhost-2026-01-0{day}-00:00:00" for day in (1, 2, 3))


def dump_there(guest: Guest, name: str) -> None:
	log = guest.path("seed.log")
	host.do(f"no dump {name}", [host.READER, "capture", guest.path("core"),
				    guest.net().export / name], log)


def seed(guest: Guest) -> str:
	"""Dumps of two machines, made by the agent; one that was cut, and one that is being
	written, which is returned."""
	export = guest.net().export
	host.do("mkcore", [host.TOP / "build/tools/mkcore", "tests/fixtures/dmesg-plain.core",
			   guest.path("core")], guest.path("seed.log"))
	for name in (FIRST, MIDDLE, LAST, OTHER, CUT):
		dump_there(guest, name)
	(export / CUT / "vmcore").rename(export / CUT / "vmcore-incomplete")
	busy = time.strftime(f"{guest.host}-%Y-%m-%d-%H:%M:%S", time.gmtime())
	(export / busy).mkdir()
	(export / busy / "vmcore-incomplete").write_text("begun\n")
	guest.path("core").unlink()
	return busy


def freeze_in_the_middle(net: Net) -> None:
	net.throttle("20mbit")
	net.in_the_middle(Net.freeze_server)


def verbs(kind: str) -> List[str]:
	"""Each with its exit status; what has none is done by the guest's init."""
	lines = f"""0 list
0 list --json
0 show-dump {MIDDLE}
2 status
0 test
0 prune --keep 2 --dry-run
0 prune --keep 1
0 prune --incomplete
please freeze_in_the_middle
1 test
1 list
2 status
1 prune --keep 1
please thaw_server
"""
	if kind == "sftp":
		lines += "0 list\nplease freeze_server\n"
	else:
		# Somebody has mounted it without an end to waiting, which is until the client
		# has noticed that the server is back: that is looked at, and is no hang either.
		lines += "nfs 10.0.2.2:/crash\n0 list\nplease freeze_server\n1 list\n"
		lines += "1 prune --keep 1\n"
	return (lines + f"please cut_cable\n1 list\n1 show-dump {LAST}\n").splitlines()


def listed(guest: Guest, busy: str) -> None:
	"""Each of the first list, in the order of time."""
	found = re.findall(r"^[a-z]*host-20[-0-9:]*", guest.read("console.log"), re.M)
	if found[:6] != [OTHER, CUT, FIRST, MIDDLE, LAST, busy]:
		raise Failed(f"list shows others, or in another order: {found[:6]}")


def left(guest: Guest, busy: str) -> str:
	"""What was not to go is there; the busy one, too; of the rehearsals only that which
	hung, whose name is returned."""
	export = guest.net().export
	for name in (f"{OTHER}/vmcore", f"{LAST}/vmcore", f"{busy}/vmcore-incomplete"):
		if not (export / name).exists():
			raise Failed(f"{name} is gone")
	for name in (FIRST, MIDDLE, CUT):
		if (export / name).exists():
			raise Failed(f"{name} is still there")
	tests: List[Path] = list(export.glob(f"{guest.host}-test-*"))
	if len(tests) != 1:
		raise Failed(f"{len(tests)} folders of rehearsals are left")
	if (tests[0] / "vmcore").exists():
		raise Failed("the rehearsal that hung has left a dump that looks whole")
	return tests[0].name


def named(guest: Guest, target: str, test: str, stall: int) -> None:
	"""Who does not answer is named, and where it was."""
	questions.console(guest, f"^fail  target 1  {target}: .*; what was written could not be "
			  f"removed: {test} is")
	if guest.net().kind == "sftp":
		questions.console(guest, f"^fail  target 1  {target}: writing vmcore: .*no answer for",
				  f"^crashbox: {target}: .*timed out")
		return
	questions.console(
		guest, f"^fail  target 1  {target}: nothing moved for {stall} s in stage copy",
		f"^crashbox: {target}: no answer for {stall} s",
		rf"^{target} \(mounted at /srv\)")


def story(guest: Guest) -> None:
	stall = operator.files(guest)
	busy = seed(guest)
	guest.net().on_please(freeze_in_the_middle, Net.thaw_server, Net.freeze_server,
			      Net.cut_cable)
	wanted = verbs(guest.net().kind)
	guest.write("verbs", "".join(re.sub(r"^\d ", "", line) + "\n" for line in wanted))
	guest.operate("fk.net=10.0.2.15")
	guest.verbs_ended([line for line in wanted if line[0].isdigit()])

	target = guest.words["target"]
	listed(guest, busy)
	questions.console(
		guest, f"^{OTHER}  *complete ", f"^{CUT}  *cut off ",
		f"^ok    target 1  {target}: .* are free",
		f"^ok    target 1  {target}: .* read back, removed again",
		f"^would remove {target}/{FIRST}, ", "^2 dumps, .* freed")
	named(guest, target, left(guest, busy), stall)


CASE = Case(
	rare=True, variants="nfs4 sftp",
	network=True, server=Server(), machine=Machine(arm_seconds=240),
	story=story)
