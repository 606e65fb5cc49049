# SPDX-License-Identifier: GPL-2.0-or-later
"""An ELF core of a crashed kernel: its memory, its VMCOREINFO, its page tables.

Knows where bytes are: physical address to file, virtual to physical by walking the page
tables of x86_64 or arm64. Shares nothing with agent/; written from the descriptions of
the formats, so that a mistake over there is not repeated here. Refuses to guess: what
cannot be read is None.
"""
import bisect
import mmap
import struct

KERNEL_MAP = 0xffffffff80000000	# x86_64: link address of the kernel's image
ADDRESSES = 1 << 64
PAGE_BITS = 0x000ffffffffff000	# of an x86_64 entry


class Core:
	def __init__(self, path):
		with open(path, "rb") as file:
			self.file = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
		if self.file[:6] != b"\x7fELF\x02\x01":
			raise SystemExit(f"whydiff: {path}: not a 64-bit little-endian ELF core")
		self.machine = struct.unpack_from("<H", self.file, 18)[0]
		self.loads, notes = [], b""
		phoff, = struct.unpack_from("<Q", self.file, 32)
		n, = struct.unpack_from("<H", self.file, 56)
		for i in range(n):
			kind, _, off, va, pa, size, memsz, _ = struct.unpack_from(
				"<IIQQQQQQ", self.file, phoff + 56 * i)
			if kind == 4:
				notes = self.file[off:off + size]
			elif kind == 1 and memsz:
				self.loads.append((pa, memsz, off, va))
		self.info = vmcoreinfo(notes)
		self.page_size = self.number("PAGESIZE")
		self.shift = self.page_size.bit_length() - 1
		self.index_loads()
		self.tables = set()	# pfns of page tables, filled by leaves()
		if self.machine == 62:
			self.init_x86()
		elif self.machine == 183:
			self.init_arm64()
		else:
			raise SystemExit(f"whydiff: {path}: machine {self.machine} is not known")

	# ---- VMCOREINFO -------------------------------------------------------------

	def number(self, key, default=None):
		text = self.info.get(key)
		if text is None:
			return default
		return int(text, 0)

	def symbol(self, name):
		text = self.info.get(f"SYMBOL({name})")
		return int(text, 16) if text else None

	def offset(self, name, default=None):
		return self.number(f"OFFSET({name})", default)

	# ---- physical memory --------------------------------------------------------

	def index_loads(self):
		"""Pages of the ranges; the kernel's own range overlaps one of the others."""
		size = self.page_size
		spans = []
		for pa, memsz, off, _ in self.loads:
			first = pa // size * size
			end = (pa + memsz + size - 1) // size * size
			spans.append((first, end, off - (pa - first)))
		spans.sort()
		self.starts, self.spans = [], []
		done = 0
		for first, end, off in spans:
			if end <= done:
				continue
			if first < done:
				off += done - first
				first = done
			self.starts.append(first)
			self.spans.append((first, end, off))
			done = end
		self.n_pfns = done >> self.shift
		self.present = bytearray(self.n_pfns)
		for first, end, _ in self.spans:
			a, b = first >> self.shift, end >> self.shift
			self.present[a:b] = b"\1" * (b - a)

	def partial_pages(self):
		"""pfns of pages that a range of memory ends in the middle of."""
		return {(pa + size) >> self.shift for pa, size, _, _ in self.loads
			if (pa + size) % self.page_size}

	def phys(self, paddr, n):
		"""n bytes at a physical address, within one range; None if they are not there."""
		i = bisect.bisect_right(self.starts, paddr) - 1
		if i < 0 or paddr + n > self.spans[i][1]:
			return None
		at = self.spans[i][2] + paddr - self.spans[i][0]
		data = self.file[at:at + n]
		return data if len(data) == n else None

	def virt(self, vaddr, n):
		out = []
		while n:
			chunk = min(n, self.page_size - vaddr % self.page_size)
			paddr = self.translate(vaddr)
			data = self.phys(paddr, chunk) if paddr is not None else None
			if data is None:
				return None
			out.append(data)
			vaddr = (vaddr + chunk) % ADDRESSES
			n -= chunk
		return b"".join(out)

	def u64(self, vaddr):
		data = self.virt(vaddr, 8)
		return struct.unpack("<Q", data)[0] if data else None

	def u32(self, vaddr):
		data = self.virt(vaddr, 4)
		return struct.unpack("<I", data)[0] if data else None

	# ---- page tables ------------------------------------------------------------

	def init_x86(self):
		levels = 5 if self.number("NUMBER(pgtable_l5_enabled)", 0) else 4
		self.shifts = [12 + 9 * i for i in range(levels)][::-1]
		self.top_entries, self.top_bits = 512, self.shifts[0]
		self.mask = PAGE_BITS & ~self.number("NUMBER(sme_mask)", 0)
		self.image_offset = KERNEL_MAP - self.number("NUMBER(phys_base)")
		self.root = self.symbol("init_top_pgt") - self.image_offset
		self.kernel_half = range(256, 512)

	def init_arm64(self):
		bits = self.shift - 3
		width = self.number("NUMBER(VA_BITS)")
		t1sz = self.number("NUMBER(TCR_EL1_T1SZ)")
		if self.page_size != 65536 and t1sz is not None:
			width = 64 - t1sz
		n = -(-(width - self.shift) // bits)
		self.shifts = [self.shift + bits * i for i in range(n)][::-1]
		self.top_entries = 1 << ((width - self.shift - 1) % bits + 1)
		self.kernel_half = range(self.top_entries)
		self.top_bits = self.shifts[0]
		self.va_width = width
		self.image_offset = self.number("NUMBER(kimage_voffset)")
		self.root = (self.symbol("swapper_pg_dir") - self.image_offset) % ADDRESSES

	def output(self, entry):
		"""Physical address in an entry."""
		if self.machine == 62:
			return entry & self.mask
		if self.page_size == 65536:
			return entry & 0xffffffff0000 | (entry >> 12 & 15) << 48
		low = 0xffffffffffff >> self.shift << self.shift
		if self.va_width == 52:
			low = 0x3ffffffffffff >> self.shift << self.shift
			return entry & low | (entry >> 8 & 3) << 50
		return entry & low

	def kind(self, entry, level):
		"""'leaf', 'table' or None."""
		last = level == len(self.shifts) - 1
		if self.machine == 62:
			if not entry & 1:
				return None
			return "leaf" if last or (entry & 0x80 and self.shifts[level] <= 30) \
				else "table"
		if entry & 3 == 3:
			return "leaf" if last else "table"
		return "leaf" if entry & 3 == 1 and not last else None

	def translate(self, vaddr):
		if self.machine == 62 and vaddr >= KERNEL_MAP and \
				vaddr - KERNEL_MAP < self.number("NUMBER(KERNEL_IMAGE_SIZE)", 1 << 30):
			return vaddr - self.image_offset
		table = self.root
		for level, shift in enumerate(self.shifts):
			n = self.top_entries if level == 0 else 1 << (self.shift - 3)
			data = self.phys(table + (vaddr >> shift) % n * 8, 8)
			if data is None:
				return None
			entry, = struct.unpack("<Q", data)
			kind = self.kind(entry, level)
			if kind is None:
				return None
			if kind == "leaf":
				base = self.output(entry) >> shift << shift
				return base + vaddr % (1 << shift)
			table = self.output(entry)
		return None

	def leaves(self):
		"""All that the kernel's half of the tables maps: (vaddr, paddr, size).

		A table that is reached twice is walked once: x86's espfix area repeats
		its tables thousands of times.
		"""
		yield from self.walk(self.root, 0, 0, self.tables, self.kernel_half)

	def walk(self, table, level, vaddr, seen, entries_of_top):
		pfn = table >> self.shift
		if pfn in seen:
			return
		n = self.top_entries if level == 0 else 1 << (self.shift - 3)
		data = self.phys(table, n * 8)
		if data is None:
			return
		seen.add(pfn)
		shift = self.shifts[level]
		entries = memoryview(data).cast("Q")
		for i in entries_of_top if level == 0 else range(n):
			entry = entries[i]
			kind = self.kind(entry, level) if entry else None
			if kind is None:
				continue
			va = vaddr + (i << shift)
			if level == 0:
				width = shift + (self.top_entries.bit_length() - 1)
				va |= ADDRESSES - (1 << width)
			if kind == "table":
				yield from self.walk(self.output(entry), level + 1, va, seen, None)
			else:
				yield va, self.output(entry) >> shift << shift, 1 << shift

	def direct_offset(self):
		"""vaddr - paddr of the map of all memory, as the ranges say, and true."""
		for pa, _, _, va in reversed(self.loads):
			aligned = pa // self.page_size * self.page_size
			if va and va < KERNEL_MAP and (
					self.translate(va - pa + aligned) == aligned):
				if (va - pa) % ADDRESSES != self.image_offset % ADDRESSES:
					return (va - pa) % ADDRESSES
		return None


def vmcoreinfo(notes):
	at, text = 0, ""
	while at + 12 <= len(notes):
		namesz, descsz, _ = struct.unpack_from("<III", notes, at)
		name = notes[at + 12:at + 12 + namesz].rstrip(b"\0")
		at += 12 + (namesz + 3) // 4 * 4
		if name == b"VMCOREINFO":
			text = notes[at:at + descsz].decode("latin-1")
		at += (descsz + 3) // 4 * 4
	if not text:
		raise SystemExit("whydiff: the core has no VMCOREINFO")
	return dict(line.split("=", 1) for line in text.split("\n") if "=" in line)
