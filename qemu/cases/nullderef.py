# SPDX-License-Identifier: GPL-2.0-or-later
"""A module writes through a null pointer: an oops that becomes a panic. The log must name
the guilty function, and the dump must be whole with a module's memory in it."""
import re

from harness.case import DISK, Case
from harness.common import build_module
from harness.guest import Guest
from harness.machine import Disk
from harness.verdict import Failed, Skipped


def prepare(guest: Guest) -> None:
	guest.set(series="6.1")
	if not build_module(guest, "null.ko"):
		raise Skipped("the headers of this 6.1 kernel are no longer on the mirror")


def check(guest: Guest) -> None:
	"""The console, too, begins with why it died, and not with the end of a register dump."""
	why = re.findall(r"why the crashed kernel died:.*\n.*\n(.*)", guest.read("console.log"))
	if not why:
		raise Failed("the console does not say why the kernel died")
	if not re.search(r"\|   A write through a NULL pointer, .* in crashbox_null", why[-1]):
		raise Failed(f"the console's reason is another: {why[-1]}")


CASE = Case(
	amd64_only="the module is built for amd64 only",
	target=Disk(),
	config=DISK,
	words=("fk.crash=nullderef",),
	says=("BUG: kernel NULL pointer dereference", "crashbox_null_deref"),
	prepare=prepare, check=check)
