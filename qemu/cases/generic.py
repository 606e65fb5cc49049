# SPDX-License-Identifier: GPL-2.0-or-later
"""One image for a whole fleet, without a configuration: what a host needs of it is
appended, an archive that is not packed behind one that is."""
from harness.case import DISK, Case
from harness.guest import Guest
from harness.machine import Disk


def prepare(guest: Guest) -> None:
	guest.images.generic = guest.variant or "zstd"
	guest.host = "appended"


CASE = Case(
	variants="zstd | gzip none",
	target=Disk(),
	config=DISK + "level 29\nhost appended",
	facts={"level.asked": "29"}, prepare=prepare)
