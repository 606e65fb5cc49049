# SPDX-License-Identifier: GPL-2.0-or-later
"""A server of NVMe/TCP that has another disk than the one whose UUID the target names, and one
that does not let us in: not a byte is written to its disk, and the console says why."""
import hashlib
import re

from harness import nvme, questions
from harness.case import NETWORK, SMALL, Case
from harness.guest import Guest
from harness.verdict import Failed

SAYS = {"other-disk": f"of the disks of {nvme.NQN}: no disk UUID=",
	"not-let-in": f"{nvme.NQN}: cannot be connected to: .* let this host in"}
ANOTHER = "nqn.2014-08.org.nvmexpress:uuid:00000000-0000-4000-8000-000000000000"


def of_disk(guest: Guest) -> str:
	return hashlib.sha256(guest.path("served").read_bytes()).hexdigest()


def prepare(guest: Guest) -> None:
	other = guest.variant == "other-disk"
	nvme.serve(guest, nvme.NvmeServer() if other else nvme.NvmeServer(lets_in=ANOTHER))
	if other:
		guest.words["target"] = re.sub("UUID=.", lambda at: at[0][:-1] + (
			"0" if at[0][-1] != "0" else "1"), guest.words["target"])
	guest.write("before", of_disk(guest))


def check(guest: Guest) -> None:
	questions.console(guest, SAYS[guest.variant])
	if of_disk(guest) != guest.read("before"):
		raise Failed("something was written to a disk that is not the target")


CASE = Case(
	variants="other-disk not-let-in", rare=True, seconds=120, network=True,
	amd64_only="the server's machine is a PC",
	config=NETWORK + "deadline 30\nwait 2\n", words=SMALL, back=0, leaves="",
	prepare=prepare, check=check)
