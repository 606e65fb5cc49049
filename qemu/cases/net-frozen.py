# SPDX-License-Identifier: GPL-2.0-or-later
"""In the middle of the dump the server answers nothing any more, its connection stays.
What waits for it may not even be killed; the machine is back all the same."""
from harness.case import NETWORK, SMALL, Case
from harness.net import Net
from harness.servers import Server

CASE = Case(
	rare=True,	# tests/faults/cases has it without a VM
	variants="sftp | nfs4 nfs3", seconds=190,
	network=True, server=Server(), throttle="20mbit", middle=Net.freeze_server,
	config=NETWORK + "stall 10\ndeadline 90",
	words=SMALL, back=110, leaves="log",
	console=("nothing moved for .* in stage copy|target 1: writing vmcore",
		 "target 1 has the dmesg and no dump, .*: {target}"),
	check=lambda guest: guest.net().nothing_whole())
