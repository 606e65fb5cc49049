# SPDX-License-Identifier: GPL-2.0-or-later
"""By UUID, loaded with the older kexec_load call, with three settings overridden on the
kernel command line, so that one image can serve a fleet."""
from harness import disks
from harness.case import Case
from harness.guest import Guest
from harness.machine import Disk, Images

HOST = "row-7.rack_3"


def prepare(guest: Guest) -> None:
	guest.words["uuid"] = disks.uuid(guest.folder)
	guest.host = HOST


CASE = Case(
	rare=True,
	images=Images(append=["crashbox.level=27", "crashbox.codec=zlib", f"crashbox.host={HOST}"]),
	target=Disk(),
	config="target disk:UUID={uuid}:/var/crash\nlevel 31\ncodec zstd",
	words=("fk.crash=sysrq", "fk.load=classic"),
	at="/var/crash", facts={"level.asked": "27", "codec": "zlib"},
	prepare=prepare)
