# SPDX-License-Identifier: GPL-2.0-or-later
"""What no dump may be without, found in other ways than by struct pages.

Walks the kernel's page tables and asks where its own things lie: frames that the kernel
maps for itself (modules, stacks, vmalloc, the memory map, its image), the tables, per-CPU
memory. Independent of every makedumpfile, and of how the filter decides.
"""
from pages import KERNEL, NAMES, OFFLINE, PCP, POISON, RESERVED, SLAB, TYPED, droppable

IMAGE, TABLE, MAPPED, PERCPU = 1, 2, 4, 8
VITAL = {IMAGE: "kernel image", TABLE: "page table", MAPPED: "mapped by the kernel",
	 PERCPU: "per-CPU memory"}


class Vital:
	def __init__(self, core, symbols):
		self.core, self.symbols = core, symbols
		self.why = bytearray(core.n_pfns)
		self.n = {bit: 0 for bit in VITAL}
		self.image()
		self.mapped()
		self.percpu()

	def mark(self, first, n, bit):
		for pfn in range(first, min(first + n, self.core.n_pfns)):
			if self.core.present[pfn] and not self.why[pfn] & bit:
				self.why[pfn] |= bit
				self.n[bit] += 1

	def mark_vaddr(self, start, end, bit):
		size = self.core.page_size
		for vaddr in range(start // size * size, end, size):
			paddr = self.core.translate(vaddr)
			if paddr is not None:
				self.mark(paddr >> self.core.shift, 1, bit)

	def image(self):
		"""Text, data and bss; what was for the start only has been given away.

		So have the spare pages of .bss..decrypted, which only SEV guests fill
		(Linux arch/x86/mm/mem_encrypt_amd.c, mem_encrypt_free_decrypted_mem).
		"""
		at = self.symbols.at
		unused = at.get("__start_bss_decrypted_unused"), at.get("__end_bss_decrypted")
		if None in unused:
			unused = at.get("__bss_stop"), at.get("__bss_stop")
		for a, b in ((at.get("_stext"), at.get("_etext")),
			     (at.get("__start_rodata"), at.get("__end_rodata")),
			     (at.get("_sdata"), at.get("_edata")),
			     (at.get("__bss_start"), unused[0]),
			     (unused[1], at.get("__bss_stop"))):
			if a is not None and b is not None and a < b:
				self.mark_vaddr(a, b, IMAGE)
		start = self.core.symbol("_stext")
		self.mark_vaddr(start, start + 1, IMAGE)

	def mapped(self):
		"""Frames that something was mapped for, and the tables themselves.

		The map of all memory has every frame, and that of the image those that were
		given away after the start, too: neither says that a frame is in use.
		"""
		direct = self.core.direct_offset()
		if direct is None:
			raise SystemExit("whydiff: cannot tell the direct map from other maps")
		everything = direct, self.core.image_offset % (1 << 64)
		shift = self.core.shift
		for vaddr, paddr, size in self.core.leaves():
			if (vaddr - paddr) % (1 << 64) not in everything:
				self.mark(paddr >> shift, size >> shift, MAPPED)
		for pfn in self.core.tables:
			self.mark(pfn, 1, TABLE)

	def percpu(self):
		at = self.symbols.at
		first, last = at.get("__per_cpu_start"), at.get("__per_cpu_end")
		if first is None or last is None:
			return
		for _, offset in self.symbols.per_cpu():
			start = (first + offset) % (1 << 64)
			self.mark_vaddr(start, start + last - first, PERCPU)

	def names(self, pfn):
		return " and ".join(text for bit, text in VITAL.items() if self.why[pfn] & bit)


def wrongly_dropped(pages, vital, pfn, level, wanted):
	"""Why a frame that was left out must not be; None if that was right."""
	cls = pages.cls[pfn]
	if vital.why[pfn]:
		return vital.names(pfn)
	if pfn in wanted and cls not in (POISON, OFFLINE):
		return "mapped by a task that keep_user names"
	if cls in (SLAB, TYPED, RESERVED):
		return pages.type_of_pfn.get(pfn, NAMES[cls])
	if cls == KERNEL:
		return "of unknown type"
	if not droppable(cls, level):
		return f"{NAMES[cls]}, which level {level} keeps"
	return None


def ownerless(pages, vital):
	"""User and cache frames whose owner lies in memory that nobody keeps.

	page->mapping leads to an anon_vma or address_space: an object of slab, or of the
	kernel's image, or of vmalloc. A frame without such a one is not what it was taken for.
	"""
	out = []
	core = pages.core
	cache = {}
	for pfn, owner in pages.owners:
		page = owner >> core.shift
		if page not in cache:
			paddr = core.translate(owner)
			at = None if paddr is None else paddr >> core.shift
			good = at is not None and at < core.n_pfns and core.present[at] and \
				(vital.why[at] or pages.cls[at] in (SLAB, RESERVED, KERNEL, TYPED))
			cache[page] = good and pages.cls[at] != PCP
		if not cache[page]:
			out.append(pfn)
	return out
