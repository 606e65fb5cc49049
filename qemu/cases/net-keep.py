# SPDX-License-Identifier: GPL-2.0-or-later
"""keep 2 on a server that has two dumps of this machine and one of another: the oldest of
ours goes, once the new one is complete; nothing else does."""
import shutil

from harness import disks, host
from harness.case import NETWORK, SMALL, Case
from harness.guest import Guest
from harness.servers import Server
from harness.verdict import Failed


def tidy(guest: Guest) -> None:
	oldest, *others = [guest.net().export / name for name in disks.OLD_DUMPS]
	for old in others:
		if host.read(old / "vmcore") != "old\n":
			raise Failed(f"{old.name} was touched")
		shutil.rmtree(old)
	if oldest.exists():
		raise Failed("the oldest dump is still there")


CASE = Case(
	rare=True, variants="nfs4 sftp",
	network=True, server=Server(),
	config=NETWORK + "keep 2", words=SMALL,
	prepare=lambda guest: disks.old_dumps(guest.net().export),
	tidy=tidy)
