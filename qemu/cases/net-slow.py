# SPDX-License-Identifier: GPL-2.0-or-later
"""A server behind a megabyte per second: slow is not dead."""
from harness.case import NETWORK, SMALL, Case
from harness.servers import Server

CASE = Case(
	rare=True, variants="nfs4 sftp nfs3",
	network=True, server=Server(), throttle="8mbit",
	config=NETWORK + "deadline 90",
	words=SMALL, back=80)
