# SPDX-License-Identifier: GPL-2.0-or-later
"""Machines of one image, which all have the same host name, crash one after the other and save on
one NFS export, with keep 1: the machine's id in the folder's name holds them apart, each leaves a
whole dump, and none prunes another's. One of them crashes again: of its own the older goes."""
import os
import re
from typing import Dict, Set

from harness import host
from harness.case import NETWORK, SMALL, Case
from harness.guest import Guest
from harness.servers import Server
from harness.verdict import Failed

CLONES = int(os.environ.get("CLONES") or "20")


def machine_id(nth: int) -> str:
	return f"{nth:04x}c0de" * 4


def be(guest: Guest, nth: int) -> None:
	"""As `load` puts it on the capture kernel's command line on that machine."""
	words = [word for word in guest.images.append if "machine_id" not in word]
	guest.images.append = [*words, f"crashbox.machine_id={machine_id(nth)}"]


def folders(guest: Guest) -> Set[str]:
	return {path.name for path in guest.net().export.iterdir()
		if path.name.startswith(guest.host)}


def whole(guest: Guest, name: str, nth: int) -> None:
	if not name.startswith(f"{guest.host}-{machine_id(nth)[:12]}-"):
		raise Failed(f"clone {nth}: its folder is called {name}")
	folder = guest.net().export / name
	log = guest.path("check")
	if host.status_of([host.READER, "check", folder / "vmcore"], log):
		raise Failed(f"clone {nth}: {name}: {host.last_line(host.read(log))}")
	if not re.search("sysrq triggered crash", host.read(folder / "vmcore-dmesg.txt")):
		raise Failed(f"clone {nth}: {name}: its log is another")


def check(guest: Guest) -> None:
	"""The first has crashed."""
	seen: Dict[int, str] = {}
	for nth in range(CLONES):
		if nth:
			be(guest, nth)
			guest.boot(*SMALL)
		new = folders(guest) - set(seen.values())
		if len(new) != 1 or folders(guest) != {*seen.values(), *new}:
			raise Failed(f"clone {nth}: {sorted(folders(guest))}")
		seen[nth] = new.pop()
		whole(guest, seen[nth], nth)
		print(f"clone {nth}: {seen[nth]}", flush=True)
	be(guest, 1)
	guest.boot(*SMALL)
	new = folders(guest) - set(seen.values())
	if len(new) != 1 or folders(guest) != {*seen.values(), *new} - {seen[1]}:
		raise Failed(f"clone 1 again: {sorted(folders(guest))}")
	whole(guest, new.pop(), 1)


CASE = Case(
	rare=True, variants="nfs4", seconds=30 * CLONES,
	network=True, server=Server(),
	config=NETWORK + "host %H-%m\nkeep 1\ncrash_loop off", words=SMALL,
	leaves="", back=0,
	prepare=lambda guest: be(guest, 0), check=check)
