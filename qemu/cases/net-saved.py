# SPDX-License-Identifier: GPL-2.0-or-later
"""The whole dump over the network, through a cable of its own."""
from harness.case import NETWORK, SMALL, Case
from harness.servers import Server

CASE = Case(
	variants="nfs4 sftp | nfs3",
	network=True, server=Server(),
	config=NETWORK + "deadline 90", words=SMALL,
	facts={"target": "{target}"})
