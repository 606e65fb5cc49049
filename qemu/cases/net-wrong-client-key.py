# SPDX-License-Identifier: GPL-2.0-or-later
"""The server does not know our key: it is tried, nobody is asked for a password, and the
next target gets the dump."""
from harness.case import DISK, SMALL, Case
from harness.machine import Disk, Machine
from harness.servers import Server

CASE = Case(
	rare=True,
	network=True, server=Server("sftp", known_key="other-id"),
	target=Disk(), machine=Machine(read_here=True),
	config="{net}\ntarget {target}\n" + DISK + "{login}deadline 60",
	words=SMALL, out="out-disk",
	console=("target 1 has no dump, .*Permission denied",),
	check=lambda guest: guest.net().nothing_there("the server let us in"))
