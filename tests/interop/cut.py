#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""What a deadline or a full disk leaves of a dump, made out of a whole one.

    tests/interop/cut.py DUMP OUT FRACTION

Keeps FRACTION of the page data; descriptors of what is behind become zero and the
header gets its incomplete mark, as the agent leaves a file that it could not finish.
"""
import struct
import sys

STATUS, BLOCK_SIZE = 424, 428
INCOMPLETE = 0x8

source, out, fraction = sys.argv[1], sys.argv[2], float(sys.argv[3])
with open(source, "rb") as f:
    dump = bytearray(f.read())
block, sub_blocks, bitmap_blocks = struct.unpack_from("<III", dump, BLOCK_SIZE)
descs = block * (1 + sub_blocks + bitmap_blocks)
bitmap2 = dump[descs - bitmap_blocks // 2 * block:descs]
n_pages = sum(byte.bit_count() for byte in bitmap2)
data = descs + 24 * n_pages
end = data + int((len(dump) - data) * fraction)
n_missing = 0
for at in range(descs, data, 24):
    off, size = struct.unpack_from("<QI", dump, at)
    if off + size > end:
        dump[at:at + 24] = bytes(24)
        n_missing += 1
status, = struct.unpack_from("<I", dump, STATUS)
struct.pack_into("<I", dump, STATUS, status | INCOMPLETE)
with open(out, "wb") as f:
    f.write(dump[:end])
print(f"{n_missing} of {n_pages} pages are missing")
