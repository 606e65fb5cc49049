# SPDX-License-Identifier: GPL-2.0-or-later
"""The guest's cable carries a VLAN only: what has no tag gets nowhere."""
from harness.case import SMALL, Case
from harness.net import MAC
from harness.servers import Server

CASE = Case(
	rare=True, variants="nfs4 sftp nfs3",
	network=True, server=Server(),
	config=f"net {MAC} vlan=7 address=10.0.2.15/24\n" "target {target}\n{login}deadline 90",
	words=SMALL,
	prepare=lambda guest: guest.net().vlan_port(7))
