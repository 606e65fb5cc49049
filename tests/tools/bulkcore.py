#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
#
# bulkcore.py MIB OUT: an ELF core of that many MiB of memory, random but the same each
# time, and the least of a VMCOREINFO: all of it is kept and nothing makes it smaller.
import random
import struct
import sys

size = int(sys.argv[1]) << 20
text = b"OSRELEASE=6.1.0-bulk\nPAGESIZE=4096\n"
note = struct.pack("<III", 11, len(text), 0) + b"VMCOREINFO\0\0" + text
note += bytes(-len(note) % 4)
header = b"\x7fELF\x02\x01\x01" + bytes(9)
header += struct.pack("<HHIQQQIHHHHHH", 4, 62, 1, 0, 64, 0, 0, 64, 56, 2, 0, 0, 0)
header += struct.pack("<IIQQQQQQ", 4, 0, 4096, 0, 0, len(note), len(note), 4)
header += struct.pack("<IIQQQQQQ", 1, 7, 8192, 0xffff888000100000, 0x100000, size, size, 4096)
random.seed(7)
with open(sys.argv[2], "wb") as out:
    out.write(header.ljust(4096, b"\0") + note.ljust(4096, b"\0"))
    for _ in range(size >> 20):
        out.write(random.randbytes(1 << 20))
