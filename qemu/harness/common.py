# SPDX-License-Identifier: GPL-2.0-or-later
"""What several cases have in common, and others have not."""
import re
import shlex

from harness import host
from harness.case import DISK, Case, Hook
from harness.guest import Guest
from harness.machine import Disk, Machine
from harness.verdict import Lost, Skipped

NO_HEADERS = 77


def overwrite(old: str, new: str) -> Hook:
	"""A text in the guest's memory becomes another, as it is about to crash."""
	def prepare(guest: Guest) -> None:
		command = shlex.join([f"{host.TOP}/qemu/overwrite-ram", str(guest.path("ram")),
				      old, new])
		guest.machine.hook = f"{command} >{shlex.quote(str(guest.path('hook.log')))}"
	return prepare


def build_module(guest: Guest, file: str, name: str = "crashbox_null") -> bool:
	"""A module of the tests for 6.1; False if its headers are not on the mirror any more."""
	status = host.status_of(["qemu/null-module", guest.path(file), name],
				guest.path("module.log"))
	if status not in (0, NO_HEADERS):
		raise Lost(f"qemu/null-module: {host.last_line(guest.read('module.log'))}")
	return status == 0


def build_lab(guest: Guest) -> None:
	"""The lab module, for the kernel that is to crash or to hang."""
	lab = guest.path("lab.ko")
	status = host.status_of(["qemu/module", guest.settings.series, guest.settings.cpu.deb,
				 "qemu/lab-module/lab.c", lab], guest.path("module.log"))
	if status:
		raise (Skipped("no headers of this kernel") if status == NO_HEADERS else
		       Lost(f"qemu/module: {host.last_line(guest.read('module.log'))}"))
	guest.images.files.append(f"file capture/lab.ko 644 {lab}")


def large_folios(guest: Guest) -> None:
	if guest.settings.series != "5.10" and not re.search(
			"^made xfsclean.* head=", guest.read("made"), re.M):
		raise Lost("xfs has no large folios")


def workload_case(name: str, kernels: str, rare: bool = False) -> Case:
	"""The whole story of a case whose subject is what memory holds."""
	return Case(
		kernels=kernels, rare=rare, workload=name,
		machine=Machine(no_reboot=True, read_here=True),
		target=Disk(size="600M"), config=DISK, back=90,
		facts={"level.used": "31", "filter_trusted": "true"},
		check=large_folios if name == "mixed" else None)
