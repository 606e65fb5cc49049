#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Reads a whole dump with libkdumpfile, independently of our own code.

    tests/interop/libkdumpfile.py DUMP [RAWCORE [PLAIN]]

Opens DUMP, checks that libkdumpfile sees the bitmaps as they are in the file,
and reads every page of bitmap 2: each must give exactly one page of bytes, and
a page that is not in it must be refused. With RAWCORE (the ELF core the dump
was made of) every page is compared with its bytes; the part of a page that
lies outside all segments must read as zeros. A DUMP that is flattened has its
bitmaps nowhere in one piece: PLAIN is the same one as it is rebuilt.

Exit 0 all well, 1 a difference (each is named, the first few in full), 77 no
python3-libkdumpfile. It is Debian's module, so run this with /usr/bin/python3.
"""
import bisect
import mmap
import struct
import sys

try:
    import kdumpfile
except ImportError:
    print("skip: no python3-libkdumpfile for", sys.executable, "(tests/setup)")
    sys.exit(77)

MAX_SHOWN = 10
PT_LOAD = 1
PN_XNUM = 0xFFFF
MMAP_NEVER = 0
DESC_LEN = 24


class RawCore:
    """PT_LOAD segments of an ELF64 core, by physical address."""

    def __init__(self, path):
        with open(path, "rb") as f:
            self.mem = mmap.mmap(f.fileno(), 0, access=mmap.ACCESS_READ)
        if self.mem[:6] != b"\x7fELF\x02\x01":
            sys.exit(f"{path}: not a 64-bit little-endian ELF file")
        phoff, shoff = struct.unpack_from("<QQ", self.mem, 0x20)
        phentsize, phnum = struct.unpack_from("<HH", self.mem, 0x36)
        if phnum == PN_XNUM:
            (phnum,) = struct.unpack_from("<I", self.mem, shoff + 44)
        self.segments = []
        for i in range(phnum):
            at = phoff + i * phentsize
            (p_type,) = struct.unpack_from("<I", self.mem, at)
            off, _, paddr, filesz = struct.unpack_from("<QQQQ", self.mem, at + 8)
            if p_type == PT_LOAD and filesz:
                self.segments.append((paddr, filesz, off))
        self.segments.sort()
        self.starts = [s[0] for s in self.segments]
        # A kernel text segment lies inside RAM segments, so the one that
        # starts last before an address need not be the one that holds it.
        self.longest = max((s[1] for s in self.segments), default=0)

    def page(self, paddr, size):
        """The page's bytes, zeros where no segment has any, and a flag: any?"""
        out = bytearray(size)
        found = False
        i = bisect.bisect_left(self.starts, paddr + size)
        while i > 0:
            i -= 1
            start, length, off = self.segments[i]
            if start + self.longest <= paddr:
                break
            lo, hi = max(start, paddr), min(start + length, paddr + size)
            if lo < hi:
                found = True
                out[lo - paddr:hi - paddr] = self.mem[off + lo - start:off + hi - start]
        return bytes(out), found


def bitmaps_in_file(path):
    """Both bitmaps as integers (bit n is pfn n), and the page size."""
    with open(path, "rb") as f:
        head = f.read(464)
        if head[:8] != b"KDUMP   ":
            sys.exit(f"{path}: no KDUMP signature, not a kdump-compressed dump")
        block, sub_blocks, bitmap_blocks = struct.unpack_from("<III", head, 428)
        f.seek(block * (1 + sub_blocks))
        half = bitmap_blocks // 2 * block
        both = f.read(2 * half)
    if len(both) != 2 * half:
        sys.exit(f"{path}: cut short inside the bitmaps")
    return (int.from_bytes(both[:half], "little"),
            int.from_bytes(both[half:], "little"), block)


def check_descriptors(path, kept, report):
    """Where page data lies: past the end of the file libkdumpfile gives zeros."""
    with open(path, "rb") as f:
        block, sub_blocks, bitmap_blocks = struct.unpack_from("<III", f.read(464), 428)
        f.seek(block * (1 + sub_blocks + bitmap_blocks))
        table = f.read(kept.bit_count() * DESC_LEN)
        file_len = f.seek(0, 2)
    if len(table) != kept.bit_count() * DESC_LEN:
        report.bad("the file ends inside the page descriptors")
        return
    for pfn, (off, size, _, _) in zip(pfns(kept), struct.iter_unpack("<QIIQ", table)):
        if off == 0 or not 0 < size <= block or off + size > file_len:
            report.bad(f"pfn {pfn:#x}: descriptor says {size} bytes at {off:#x},"
                       f" the file has {file_len:#x}")


def bitmap_of(attr, name, n_bits):
    return int.from_bytes(attr[name].get_bits(0, n_bits - 1), "little")


def pfns(bits):
    """The set bits of a big integer, in order, a block at a time."""
    raw = bits.to_bytes((bits.bit_length() + 7) // 8, "little")
    for byte, value in enumerate(raw):
        while value:
            low = value & -value
            yield byte * 8 + low.bit_length() - 1
            value ^= low


class Report:
    def __init__(self):
        self.n_bad = 0

    def bad(self, text):
        self.n_bad += 1
        if self.n_bad <= MAX_SHOWN:
            print("FAIL:", text)


def check_bitmaps(dump, path, report):
    exists, kept, page_size = bitmaps_in_file(path)
    n_bits = dump.attr["max_pfn"]
    if dump.attr["arch.page_size"] != page_size:
        report.bad(f"page size: libkdumpfile {dump.attr['arch.page_size']},"
                   f" header {page_size}")
    if kept.bit_length() > n_bits or exists.bit_length() > n_bits:
        report.bad(f"bits beyond max_pfn {n_bits} are set")
    for name, want in (("memory.pagemap", exists), ("file.pagemap", kept)):
        got = bitmap_of(dump.attr, name, n_bits)
        if got != want:
            differ = got ^ want
            report.bad(f"{name}: {differ.bit_count()} bits differ from the file,"
                       f" first pfn {next(pfns(differ)):#x}")
    if kept & ~exists:
        report.bad(f"pfn {next(pfns(kept & ~exists)):#x} is kept but not in bitmap 1")
    if not kept:
        report.bad("no page at all is kept")
    return exists, kept, page_size


def check_pages(dump, kept, page_size, raw, report):
    n_read = n_same = 0
    for pfn in pfns(kept):
        paddr = pfn * page_size
        try:
            data = dump.read(kdumpfile.KDUMP_MACHPHYSADDR, paddr, page_size)
        except Exception as e:  # any of the library's own exceptions
            report.bad(f"pfn {pfn:#x}: {type(e).__name__}: {e}")
            continue
        n_read += 1
        if len(data) != page_size:
            report.bad(f"pfn {pfn:#x}: {len(data)} bytes instead of {page_size}")
            continue
        if raw is None:
            continue
        want, found = raw.page(paddr, page_size)
        if not found:
            report.bad(f"pfn {pfn:#x}: kept, but in no segment of the core")
        elif data != want:
            at = next(i for i in range(page_size) if data[i] != want[i])
            report.bad(f"pfn {pfn:#x}: differs from the core at byte {at:#x}")
        else:
            n_same += 1
    return n_read, n_same


def check_refusal(dump, exists, kept, page_size, report):
    """A page left out must give "no data", not bytes of something else."""
    dropped = exists & ~kept
    if not dropped:
        return
    pfn = next(pfns(dropped))
    try:
        dump.read(kdumpfile.KDUMP_MACHPHYSADDR, pfn * page_size, page_size)
    except kdumpfile.exceptions.NoDataException:
        return
    report.bad(f"pfn {pfn:#x} is excluded but libkdumpfile returns bytes for it")


def check_facts(dump, report):
    for name in ("linux.uts.release", "linux.vmcoreinfo.raw", "linux.phys_base"):
        try:
            dump.attr[name]
        except (KeyError, kdumpfile.exceptions.KDumpBaseException) as e:
            report.bad(f"attribute {name}: {e}")


def main(argv):
    if len(argv) not in (2, 3, 4):
        print(__doc__)
        return 2
    report = Report()
    try:
        dump = kdumpfile.kdumpfile(argv[1])
        kind = dump.attr["file.format"]
    except Exception as e:
        print(f"FAIL: {argv[1]}: does not open: {type(e).__name__}: {e}")
        return 1
    if kind != "diskdump":
        print(f"FAIL: {argv[1]}: libkdumpfile takes it for {kind!r}")
        return 1
    # A mapping of a file that was cut short would end us with SIGBUS.
    dump.attr["file.mmap_policy"] = MMAP_NEVER
    raw = RawCore(argv[2]) if len(argv) > 2 else None
    plain = argv[3] if len(argv) > 3 else argv[1]
    check_facts(dump, report)
    exists, kept, page_size = check_bitmaps(dump, plain, report)
    check_descriptors(plain, kept, report)
    n_read, n_same = check_pages(dump, kept, page_size, raw, report)
    check_refusal(dump, exists, kept, page_size, report)
    text = f"libkdumpfile: {n_read} of {kept.bit_count()} pages read"
    if raw is not None:
        text += f", {n_same} equal to the core"
    print(f"{text}, {report.n_bad} complaints")
    return 1 if report.n_bad else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
