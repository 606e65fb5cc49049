# SPDX-License-Identifier: GPL-2.0-or-later
"""The first target is a black hole, the second is good."""
from harness.case import SMALL, Case
from harness.servers import Server

CASE = Case(
	rare=True,	# tests/faults/cases has it without a VM
	variants="nfs4 | sftp nfs3",
	network=True, server=Server(),
	config="{net}\ntarget nfs:{black_hole}:/crash\ntarget {target}\ninsecure yes\n{login}"
	       "deadline 90",
	words=SMALL,
	facts={"errors": "*10.0.2.66 port 2049: no answer*"},
	console=("target 1 has no dump, NFS server: 10.0.2.66 port 2049: no answer",))
