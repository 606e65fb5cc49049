# SPDX-License-Identifier: GPL-2.0-or-later
"""There is no IPv4 at all."""
from harness.case import SMALL, Case
from harness.servers import Server

CASE = Case(
	rare=True, variants="nfs4 sftp nfs3",
	network=True, server=Server(),
	config="{net6}\ntarget {target6}\n{login}deadline 90",
	words=SMALL,
	console=("fd00:2::15/64",))
