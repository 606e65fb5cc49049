# SPDX-License-Identifier: GPL-2.0-or-later
"""No target can be had: each is tried again and again, each is named with its reason, and
the machine is back by its deadline."""
from harness.case import SMALL, Case
from harness.machine import Images
from harness.net import NFS_MODULES

CASE = Case(
	rare=True,	# tests/faults/cases has it without a VM
	seconds=160, network=True, images=Images(modules=NFS_MODULES),
	config="""{net}
target nfs:{black_hole}:/crash
target nfs4:{server}:/crash
target nfs:10.0.2.99:/crash
insecure yes
deadline 90
""",
	words=SMALL, back=100, leaves="",
	console=(
		"nothing is saved yet: all is tried again in 5 s",
		"target 1 has no dump, .*66 port 2049: no answer in 5 s",
		"target 2 has no dump, .*2 port 2049: Connection refused",
		"target 3 has no dump, .*99 port 2049: (Host is unreachable|no answer in 5 s)",
		"the crash is NOT saved"))
