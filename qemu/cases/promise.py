# SPDX-License-Identifier: GPL-2.0-or-later
"""What `crashbox status` promises: one machine for each row of harness/ways.py, which is
wrong in that way, is asked, and then really crashes. Where the answer was "ok" all is
saved; what is lost was told by the row that says why. qemu/run prints the table."""
import re
from typing import Tuple

from harness import host
from harness.case import Case
from harness.common import build_module
from harness.guest import Guest
from harness.machine import Machine
from harness.servers import Server
from harness.verdict import Failed, Lost
from harness.ways import WAYS, Way
from harness.wrong import Wrong

USUAL = "good wrong-label first-broken changed-config too-small net-good wrong-host-key".split()
RARE = [way.name for way in WAYS if way.name not in USUAL]
WORDS = ("ok", "warn", "fail")


def crashed(guest: Guest, wrong: Wrong) -> str:
	"""What the crash has left."""
	guest.boot("fk.cache=0", f"fk.crash={wrong.crash}", *wrong.words)
	found = "lost"
	folders = [folder for out in guest.folder.glob("out*")
		   for folder in (out / "crash").glob(f"{guest.host}-*")]
	if any(host.read(folder / "vmcore-dmesg.txt") for folder in folders):
		found = "log"
	for folder in folders:
		dump = folder / "vmcore"
		if dump.exists() and not host.status_of([host.READER, "check", dump],
							guest.path("check")):
			found = "saved"
	return found


def survived(guest: Guest, wrong: Wrong) -> str:
	if not build_module(guest, "null.ko"):
		raise Lost("qemu/null-module")
	try:
		guest.boot("fk.cache=0", f"fk.crash={wrong.crash}", *wrong.words)
	except Lost:
		if "survived fk.crash" not in guest.read("events"):
			raise
		return "alive"
	raise Failed("the oops was the end of it")


def answer(guest: Guest, way: Way) -> Tuple[str, str, str]:
	"""What status ended with, the row that tells, and the first that is not ok."""
	said = re.findall(r"^[0-9.]* verb (\d*) status$", guest.read("events"), re.M)
	rows = [row for row in guest.read("console.log").replace("\r", "").split("\n")
		if re.match("(ok|warn|fail)  ", row)]
	telling = [row for row in rows if re.match(f"{way.grade} +{way.row}.*(?:{way.text})", row)]
	bad = [row for row in rows if not row.startswith("ok")]
	return ("".join(said[:1]), "".join(telling[:1]), "".join(bad[:1]))


def judge(guest: Guest, way: Way, found: str) -> None:
	said, row, bad = answer(guest, way)
	guest.write("row", f"{way.name:<16} {found:<5} {WORDS[int(said or 2)]:<6} "
		    f"{(row or 'no row says so')[:90]}\n")
	if not said:
		raise Lost(f"status was not asked: {guest.read('verdict').strip()}")
	if not row:
		raise Failed(f"status does not say '{way.grade} {way.row} ... {way.text}'")
	if said == "0" and found != "saved":
		raise Failed(f"status was ok, and the crash is {found}")
	if way.grade == "ok" and said != "0":
		raise Failed(f"nothing is wrong, and status says: {bad}")
	if found != way.crash:
		raise Failed(f"the crash is {found}, {way.crash} is wanted")


def story(guest: Guest) -> None:
	way = {way.name: way for way in WAYS}.get(guest.variant)
	if way is None:
		raise Lost(f"{guest.variant or 'no variant'}: no such way")
	if way.name.endswith("-watchdog"):
		guest.set(series="6.12")
	wrong = Wrong(guest, way.target, guest.settings.binary)
	if way.target != "disk":
		guest.net().serve(Server(way.target, size="300M"))
	wrong.set_up()
	way.act(wrong)
	wrong.finish(lost=way.crash == "lost")
	judge(guest, way, (survived if way.crash == "alive" else crashed)(guest, wrong))


CASE = Case(
	variants=f"{' '.join(USUAL)} | {' '.join(RARE)}",
	network=tuple(way.name for way in WAYS if way.target != "disk"),
	amd64_only="one CPU's promise is like the other's",
	# A busy host is no reason to be wrong.
	machine=Machine(read_here=True, no_reboot=True, arm_seconds=400, capture_seconds=600),
	story=story)
