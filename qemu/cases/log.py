# SPDX-License-Identifier: GPL-2.0-or-later
"""A log that went around its ring, with records of several lines, empty and long ones,
bytes that are no text, and (where a module for it can be built) lines in pieces: what is
saved is what the crashed kernel itself told, and the panic as the console had it."""
import re

from harness import host, questions
from harness.case import DISK, Case
from harness.common import build_module
from harness.guest import Guest
from harness.machine import Disk, Machine
from harness.verdict import Failed, Lost


def prepare(guest: Guest) -> None:
	if guest.settings.series == "6.1":
		build_module(guest, "cont.ko", "crashbox_cont")


def told(guest: Guest, option: str) -> str:
	"""What `crashbox dmesg` says of the dump; as it is, in the file dmesg-x."""
	path = guest.path("dmesg-x")
	path.unlink(missing_ok=True)
	host.do("crashbox dmesg", [host.READER, "dmesg", option, guest.dump / "vmcore"], path)
	return host.read(path)


def check(guest: Guest) -> None:
	if "around and around: 0000000 " in host.read(guest.dump / "vmcore-dmesg.txt"):
		raise Lost("the log did not go around its ring")
	if guest.path("cont.ko").is_file():
		questions.dmesg_says(guest, "crashbox-cont: begun, continued, ended$")
	questions.dmesg_as_on_console(guest)
	told(guest, "-x")
	questions.same_log(guest, "crashbox dmesg -x", "-x", *questions.before(guest),
			   guest.path("dmesg-x"))
	# Who said it, no kernel of Debian's shows; but each line of a trace has its task's number.
	if not re.search(r"\]\[ *T(\d*)\] CPU: .* PID: \1 Comm: selfdestruct ",
			 told(guest, "--caller")):
		raise Failed("crashbox dmesg --caller does not name the task of the panic")


CASE = Case(
	kernels="5.10 7.2 | 6.1 6.12",
	machine=Machine(no_reboot=True, read_here=True), workload="log",
	target=Disk(),
	config=DISK,
	says=("sysrq triggered crash", "around and around: 0007999 "),
	prepare=prepare, check=check)
