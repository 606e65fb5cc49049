# SPDX-License-Identifier: GPL-2.0-or-later
"""The address comes from a DHCP server, to whichever interface has a carrier."""
from harness.case import SMALL, Case
from harness.servers import Server

CASE = Case(
	network=True, server=Server(),
	config="net any dhcp\ntarget {target}\n{login}deadline 90",
	words=SMALL,
	console=("10.0.2.1[0-2][0-9]/24",),
	prepare=lambda guest: guest.net().dhcp_server())
