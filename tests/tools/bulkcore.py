#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
#
# bulkcore.py MIB OUT [DUMP]: an ELF core of that many MiB of memory, random but the same each
# time, and the least of a VMCOREINFO: all of it is kept and nothing makes it smaller. With a
# DUMP of ours that nothing was packed in: its pages, over and over.
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


def pages(path):
    with open(path, "rb") as dump:
        head = dump.read(4096)
        block, sub, bitmaps = struct.unpack_from("<III", head, 428)
        dump.seek((1 + sub + bitmaps // 2) * block)
        kept = int.from_bytes(dump.read(bitmaps // 2 * block), "little").bit_count()
        dump.seek((1 + sub + bitmaps) * block + kept * 24)
        data = dump.read()
        return data[:len(data) // block * block]


random.seed(7)
with open(sys.argv[2], "wb") as out:
    out.write(header.ljust(4096, b"\0") + note.ljust(4096, b"\0"))
    if len(sys.argv) > 3:
        data = pages(sys.argv[3])
        for at in range(0, size, len(data)):
            out.write(data[:size - at])
    else:
        for _ in range(size >> 20):
            out.write(random.randbytes(1 << 20))
