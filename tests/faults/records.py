# SPDX-License-Identifier: GPL-2.0-or-later
"""Memory with records of ramoops in it, as fs/pstore/ram_core.c has them."""
import re
import struct
from typing import List, Tuple

LEN = 4096
MARK = 0x43474244	# PERSISTENT_RAM_SIG
EARLIER = "x" * 1000	# the log of an earlier crash, in the second of five


def memory() -> bytes:
	"""A page of something else, and five records."""
	empty = struct.pack("<III", MARK, 0, 0).ljust(LEN, b"\0")
	full = struct.pack("<III", MARK, 0, len(EARLIER)) + EARLIER.encode()
	return b"\xff" * LEN + empty + full.ljust(LEN, b"\0") + 3 * empty


def log_in(data: bytes) -> Tuple[str, List[str]]:
	"""The log that was put into such memory, and what is wrong with it."""
	text, wrong = "", []
	for at in range(LEN, len(data), LEN):
		mark, start, size = struct.unpack_from("<III", data, at)
		record = data[at + 12:at + 12 + size].decode()
		head = re.match(r"====[0-9]{10}\.000000-D\nPanic#1 Part[0-9]+\n", record)
		if mark != MARK or start:
			wrong.append(f"at {at} is no record of ramoops")
		elif at == 2 * LEN:
			wrong += [] if record == EARLIER else ["the earlier crash's is gone"]
		elif size:
			text = (record[head.end():] if head else "?") + text
	if set(data[:LEN]) != {0xff}:
		wrong.append("something is written beside the records")
	return text, wrong
