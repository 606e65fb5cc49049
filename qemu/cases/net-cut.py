# SPDX-License-Identifier: GPL-2.0-or-later
"""The cable is pulled out of the guest in the middle of the dump."""
from harness.case import NETWORK, SMALL, Case
from harness.net import Net
from harness.servers import Server

CASE = Case(
	rare=True, variants="nfs4 sftp nfs3",
	network=True, server=Server(), throttle="20mbit", middle=Net.carrier_off,
	config=NETWORK + "stall 10\ndeadline 90",
	words=SMALL, back=110, leaves="log",
	console=("target 1 has the dmesg and no dump, .*: {target}",),
	check=lambda guest: guest.net().nothing_whole())
