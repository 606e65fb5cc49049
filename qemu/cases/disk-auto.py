# SPDX-License-Identifier: GPL-2.0-or-later
"""The main road with codec auto: an emulated CPU, and a disk that is the host's."""
from harness.case import DISK, Case
from harness.machine import Disk

CASE = Case(
	rare=True,
	target=Disk(),
	config=DISK + "level 31\ncodec auto",
	facts={"codec": "auto"})
