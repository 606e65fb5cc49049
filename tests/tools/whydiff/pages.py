# SPDX-License-Identifier: GPL-2.0-or-later
"""What every frame of a crashed kernel is, told from the memory map alone.

Reads the struct page of each frame by way of mem_section and gives it a class, with the
layouts that VMCOREINFO describes. Decides nothing about what a dump should hold: that is
done from the classes. Whatever is not understood is KERNEL, and must stay.
"""

(ABSENT, KERNEL, RESERVED, SLAB, TYPED, ODD_TAIL, NOT_FREE, FREE, PCP, UNACCEPTED,
 OFFLINE, POISON, CACHE, CACHE_PRIVATE, USER, HUGETLB) = range(16)
NAMES = ("no struct page", "kernel", "reserved", "slab", "typed", "odd tail",
	 "not free in a free block", "free", "pcp-free", "unaccepted", "offline",
	 "poison", "cache", "cache, private", "user", "hugetlb")
# What leaving it out asks for: a bit of the dump level, 0 for all levels.
LEVEL_OF = {FREE: 16, PCP: 16, UNACCEPTED: 16, OFFLINE: 0, POISON: 0, CACHE: 6,
	    CACHE_PRIVATE: 4, USER: 8, HUGETLB: 8}
HAS_MEM_MAP = 2
MAX_ORDER = 22


def droppable(cls, level):
	bits = LEVEL_OF.get(cls)
	return bits is not None and (bits == 0 or bool(bits & level))


class Pages:
	def __init__(self, core, reserved):
		"""reserved: number of PG_reserved, which no key of VMCOREINFO tells"""
		self.core, self.section_list = core, []
		self.reserved_bit = 1 << reserved
		n = core.n_pfns
		self.cls = bytearray(n)
		self.tail = bytearray(n)
		self.type_of_pfn = {}	# of typed frames
		self.heads = {}		# pfn of a folio's head: (end, class)
		self.owners = []	# (pfn, what its mapping points at)
		self.preinit = set()	# sections with bits above the five common ones
		self.layout()
		self.read_sections()

	def layout(self):
		c = self.core
		bit = lambda name: 1 << c.number(f"NUMBER(PG_{name})", 200)
		self.size = c.number("SIZE(page)")
		self.words = self.size // 8
		self.lru, self.private_bit = bit("lru"), bit("private")
		self.swapcache, self.swapbacked = bit("swapcache"), bit("swapbacked")
		self.slab_bit, self.poison_bit = bit("slab"), bit("hwpoison")
		self.head_bit = c.number("NUMBER(PG_head_mask)", 0)
		self.mapping = c.offset("page.mapping") // 8
		self.mapcount = c.offset("page._mapcount") // 4
		self.refcount = c.offset("page._refcount") // 4
		self.private = c.offset("page.private") // 8
		self.by_mask = c.offset("page.compound_info") is not None
		self.compound = c.offset("page.compound_info",
					 c.offset("page.compound_head")) // 8
		self.buddy = c.number("NUMBER(PAGE_BUDDY_MAPCOUNT_VALUE)")
		self.top_byte = self.buddy & 0xffffff == 0
		self.limit = -0x10000 if not self.top_byte and ~self.buddy >= 0x10000 else -128
		types = {"buddy": self.buddy}
		for name in ("offline", "slab", "hugetlb", "unaccepted"):
			value = c.number(f"NUMBER(PAGE_{name.upper()}_MAPCOUNT_VALUE)")
			if value is not None:
				types[name] = value
		if self.top_byte:
			# Linux include/linux/page-flags.h: keys came later than the types
			types.setdefault("unaccepted", 0xf7000000 - (1 << 32))
			types.setdefault("table", 0xf2000000 - (1 << 32))
			types.setdefault("guard", 0xf3000000 - (1 << 32))
			types.setdefault("zsmalloc", 0xf6000000 - (1 << 32))
			types.setdefault("large_kmalloc", 0xf8000000 - (1 << 32))
		self.types = types
		self.by_top = {(v >> 24) & 0xff: k for k, v in types.items()}
		self.n_orders = c.number("LENGTH(zone.free_area)")
		self.layout_folios()

	def layout_folios(self):
		"""Offsets from the head's struct page, None where another scheme is used."""
		c = self.core
		at = lambda key, add: None if c.offset(key) is None else c.offset(key) + add
		self.order_at = at("page.compound_order", self.size)
		self.dtor_at = at("page.compound_dtor", self.size)
		if self.order_at is None:
			self.order_at = at("folio._folio_order", 0)
			self.dtor_at = at("folio._folio_dtor", 0)
		self.hugetlb_dtor = c.number("NUMBER(HUGETLB_PAGE_DTOR)")
		self.hugetlb_flag = 1 << c.number("NUMBER(PG_hugetlb)", 200)

	# ---- the memory map ---------------------------------------------------------

	def sections(self):
		"""(section, first pfn, address its pfn 0 would have, flag bits)"""
		c = self.core
		bits = c.number("NUMBER(SECTION_SIZE_BITS)",
				27 if c.machine == 62 else 30) - c.shift
		root, n_roots = c.symbol("mem_section"), c.number("LENGTH(mem_section)")
		size = c.number("SIZE(mem_section)")
		at = c.offset("mem_section.section_mem_map")
		physical = c.number("NUMBER(MAX_PHYSMEM_BITS)", 46 if c.machine == 62 else 48)
		total = 1 << (physical - c.shift - bits)
		per_root = c.page_size // size
		if n_roots != -(-total // per_root):
			raise SystemExit("whydiff: mem_section is not the sparse, extreme kind")
		for n in range(-(-c.n_pfns >> bits)):
			entry = c.u64(root + 8 * (n // per_root))
			if not entry:
				continue
			value = c.u64(entry + n % per_root * size + at)
			if value and value & HAS_MEM_MAP:
				yield n, n << bits, value & ~0xfff, value & 0xfff, 1 << bits

	def read_sections(self):
		"""All sections, in rising order; a folio's head is met before its tails."""
		self.end_free = 0
		for n, first, base, bits, count in self.known_sections():
			if bits & 0x30:
				self.preinit.add(n)
			per_page = self.core.page_size // self.size
			step = self.core.page_size
			for pfn in range(first, min(first + count, self.core.n_pfns), per_page):
				at = self.core.translate((base + pfn * self.size) % (1 << 64))
				data = self.core.phys(at, step) if at is not None else None
				if data is not None:
					self.read_block(pfn, base, data, per_page)

	def known_sections(self):
		if not self.section_list:
			self.section_list = list(self.sections())
		return self.section_list

	def address(self, pfn):
		"""Of a frame's struct page; None where there is no memory map."""
		for _, first, base, _, count in self.known_sections():
			if first <= pfn < first + count:
				return (base + pfn * self.size) % (1 << 64)
		return None

	def find(self, pfn):
		"""The struct page of one frame, or None."""
		at = self.address(pfn)
		return None if at is None else self.core.virt(at, self.size)

	# ---- judging ----------------------------------------------------------------

	def type_name(self, mapcount):
		if self.top_byte:
			top = mapcount >> 24 & 0xff
			if 0xf0 <= top <= 0xfe:
				return self.by_top.get(top, f"type {top:#x}")
			return None
		if mapcount >= self.limit:
			return None
		for name, value in self.types.items():
			if mapcount == value:
				return name
		return "other type"

	def read_block(self, pfn, base, data, n):
		quads, ints = memoryview(data).cast("Q"), memoryview(data).cast("i")
		words, cls, end = self.words, self.cls, len(self.cls)
		for i in range(n):
			if pfn + i >= end:
				break
			q = i * words
			address = (base + (pfn + i) * self.size) % (1 << 64)
			cls[pfn + i] = self.judge(pfn + i, address, base, quads, ints, q, data)
			if quads[q] & self.poison_bit:
				cls[pfn + i] = POISON

	def head_of(self, word, address):
		value = word & ~1
		negated = (1 << 64) - value
		if value and negated & (negated - 1) == 0:
			return address & value
		return value

	def judge(self, pfn, address, base, quads, ints, q, data):
		flags, compound = quads[q], quads[q + self.compound]
		mapcount = ints[2 * q + self.mapcount]
		head = None
		if compound & 1:
			head = self.head_of(compound, address)
		elif flags & self.head_bit and not pfn & 1:
			follows = quads[q + self.words + self.compound]
			after = self.head_of(follows, address + self.size) if follows & 1 else 0
			# hugetlb's folded memory map shows the head again on each page of tails
			if follows & 1 and after != address and \
					address % self.core.page_size == 0:
				head = after
			elif follows & 1 and after == address:
				return self.folio(pfn, quads, ints, q, data)
		if head is not None:
			self.tail[pfn] = 1
			found = self.heads.get(((head - base) % (1 << 64)) // self.size)
			return found[1] if found and pfn < found[0] else ODD_TAIL
		name = self.type_name(mapcount)
		if pfn < self.end_free:
			if name is None and not flags & self.head_bit and \
					ints[2 * q + self.refcount] == 0:
				return FREE
			if name != "buddy":
				return NOT_FREE
		if name == "buddy":
			order = quads[q + self.private]
			if order >= self.n_orders or pfn & ((1 << order) - 1):
				return TYPED
			self.end_free = pfn + (1 << order)
			return FREE
		if name == "unaccepted":
			last = self.n_orders - 1
			if pfn & ((1 << last) - 1) == 0:
				self.cls[pfn:pfn + (1 << last)] = bytes([UNACCEPTED]) * (1 << last)
			return UNACCEPTED
		if name is None and self.cls[pfn] == UNACCEPTED:
			return UNACCEPTED
		return self.single(pfn, flags, name, quads[q + self.mapping], False)

	def folio(self, pfn, quads, ints, q, data):
		"""A head and, by way of self.heads, its tails."""
		if self.order_at is not None:
			order = data[q * 8 + self.order_at]
		else:
			order = quads[q + self.words] & 0xff
		if order > MAX_ORDER or pfn & ((1 << order) - 1):
			order = 0
		name = self.type_name(ints[2 * q + self.mapcount])
		hugetlb = name == "hugetlb"
		if "hugetlb" not in self.types:
			hugetlb = bool(quads[q + self.words] & self.hugetlb_flag)
			if self.dtor_at is not None and self.hugetlb_dtor is not None:
				hugetlb |= data[q * 8 + self.dtor_at] == self.hugetlb_dtor
		if hugetlb and quads[q] & self.poison_bit:
			cls = POISON	# which of its pages is bad, only the kernel knows
		else:
			cls = self.single(pfn, quads[q], name, quads[q + self.mapping], hugetlb)
		self.heads[pfn] = pfn + (1 << order), cls
		return cls

	def single(self, pfn, flags, name, mapping, hugetlb):
		"""Class by type, then by flags; a type leaves nothing to guess."""
		if hugetlb or name == "hugetlb":
			return HUGETLB
		if name == "offline":
			return OFFLINE
		if name == "slab" or flags & self.slab_bit:
			return SLAB
		if name is not None:
			self.type_of_pfn[pfn] = name
			return TYPED
		if flags & self.reserved_bit:
			return RESERVED
		if mapping & 1:
			self.owners.append((pfn, mapping & ~3))
			return USER
		if flags & self.lru or flags & self.swapcache and flags & self.swapbacked:
			if mapping & ~3:
				self.owners.append((pfn, mapping & ~3))
			return CACHE_PRIVATE if flags & self.private_bit else CACHE
		return KERNEL
