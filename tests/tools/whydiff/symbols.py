# SPDX-License-Identifier: GPL-2.0-or-later
"""Names and types that the kernel carries in its own memory: kallsyms and BTF.

Gives addresses of symbols, offsets of members and values of enums. Absent (5.10 does not
say where its kallsyms are) it gives None, and what depends on it is not done.
"""
import struct

RELATIVE = "relative", "absolute-percpu", "place"


class Symbols:
	"""kallsyms: every name in one dictionary, or an empty one."""

	def __init__(self, core):
		self.core, self.at = core, {}
		names, count = core.symbol("kallsyms_names"), core.symbol("kallsyms_num_syms")
		self.offsets = core.symbol("kallsyms_offsets")
		tokens, index = core.symbol("kallsyms_token_table"), \
			core.symbol("kallsyms_token_index")
		if None in (names, count, self.offsets, tokens, index):
			return
		n = core.u32(count)
		if not n or n > 4000000:
			return
		table = self.tokens(tokens, index)
		# At most a byte or two for each name's length and, seen so far, 20 tokens.
		data = self.as_much(names, min(n * 40, 16 << 20))
		values = struct.unpack(f"<{n}I", core.virt(self.offsets, 4 * n))
		found, at = [], 0
		for i in range(n):
			length = data[at]
			at += 1
			if length & 0x80 and "SYMBOL(kallsyms_names)" in core.info:
				length = length & 0x7f | data[at] << 7
				at += 1
			found.append(b"".join([table[t] for t in data[at:at + length]]))
			at += length
		self.choose(found, values)

	def per_cpu(self):
		"""[(CPU, offset of its area)] of the possible CPUs; [] if that is not told."""
		table, mask, limit = (self.at.get(n) for n in (
			"__per_cpu_offset", "__cpu_possible_mask", "nr_cpu_ids"))
		n = self.core.u32(limit) if limit is not None else None
		if None in (table, mask, n) or not 0 < n <= 8192:
			return []
		bits = int.from_bytes(self.core.virt(mask, (n + 7) // 8) or b"", "little")
		return [(i, self.core.u64(table + 8 * i)) for i in range(n) if bits >> i & 1]

	def as_much(self, vaddr, n):
		out = []
		while n > 0:
			page = self.core.virt(vaddr, min(n, self.core.page_size))
			if page is None:
				break
			out.append(page)
			vaddr += len(page)
			n -= len(page)
		return b"".join(out)

	def tokens(self, tokens, index):
		starts = struct.unpack("<256H", self.core.virt(index, 512))
		text = self.as_much(tokens, max(starts) + 64)
		return [text[s:text.index(b"\0", s)] for s in starts]

	def choose(self, found, values):
		"""The encoding is the one that finds _stext where VMCOREINFO has it."""
		wanted = self.core.symbol("_stext")
		index = next((i for i, name in enumerate(found) if name[1:] == b"_stext"), None)
		if wanted is None or index is None:
			return
		base = 0
		where = self.core.symbol("kallsyms_relative_base")
		if where is not None:
			base = self.core.u64(where)
		for how in RELATIVE:
			if self.address(how, index, values[index], base) == wanted:
				self.at = {name[1:].decode("latin-1"):
					   self.address(how, i, values[i], base)
					   for i, name in enumerate(found)}
				return

	def address(self, how, i, value, base):
		signed = value - (1 << 32) if value >> 31 else value
		if how == "relative":
			return (base + value) % (1 << 64)
		if how == "absolute-percpu":
			return signed if signed >= 0 else (base - 1 - signed) % (1 << 64)
		return (self.offsets + 4 * i + signed) % (1 << 64)


class Btf:
	"""Structs and enums by name; sizes in bytes, bit fields left out."""

	EXTRA = {1: (4, 0), 3: (12, 0), 4: (0, 12), 5: (0, 12), 6: (0, 8), 13: (0, 8),
		 14: (4, 0), 15: (0, 12), 17: (4, 0), 19: (0, 12)}

	def __init__(self, core, symbols):
		self.types, self.by_name = [None], {}
		start, stop = symbols.at.get("__start_BTF"), symbols.at.get("__stop_BTF")
		if start is None or stop is None or not 0 < stop - start < 64 << 20:
			return
		self.data = core.virt(start, stop - start)
		if self.data is None or struct.unpack_from("<H", self.data)[0] != 0xeb9f:
			return
		head, type_off, type_len, self.str_off, _ = struct.unpack_from(
			"<IIIII", self.data, 4)
		self.str_off += head
		at, end = head + type_off, head + type_off + type_len
		while at + 12 <= end:
			name, info, size = struct.unpack_from("<III", self.data, at)
			kind, n = info >> 24 & 0x7f, info & 0xffffff
			if kind & 0x20 and kind > 19:
				kind &= 0x1f
			if kind in (4, 6) and name:
				self.by_name.setdefault(self.text(name), len(self.types))
			self.types.append((kind, n, size, at, info >> 31))
			fixed, each = self.EXTRA.get(kind, (0, 0))
			at += 12 + fixed + each * n

	def text(self, off):
		start = self.str_off + off
		return self.data[start:self.data.index(b"\0", start)].decode("latin-1")

	def enum(self, name):
		"""{enumerator: value}"""
		number = self.by_name.get(name)
		if number is None or self.types[number][0] != 6:
			return {}
		_, n, _, at, _ = self.types[number]
		pairs = [struct.unpack_from("<Ii", self.data, at + 12 + 8 * i)
			 for i in range(n)]
		return {self.text(a): b for a, b in pairs}

	def size(self, number):
		"""Size of a type, through typedefs and arrays."""
		kind, _, size, at, _ = self.types[number]
		if kind in (8, 9, 10, 11, 18):
			return self.size(size)
		if kind == 2:
			return 8
		if kind == 3:
			of, _, n = struct.unpack_from("<III", self.data, at + 12)
			return n * self.size(of)
		return size

	def struct_size(self, name):
		number = self.by_name.get(name)
		return None if number is None else self.size(number)

	def member(self, name, path):
		"""(offset, type) of a member, anonymous ones searched; None if it has none."""
		number = self.by_name.get(name)
		return None if number is None else self.inside(number, path, 0)

	def inside(self, number, path, base):
		kind, n, size, at, flag = self.types[number]
		if kind in (8, 9, 10, 11, 18):
			return self.inside(size, path, base)
		if kind not in (4, 5):
			return None
		for i in range(n):
			text, of, bits = struct.unpack_from("<III", self.data, at + 12 + 12 * i)
			off = base + (bits & 0xffffff if flag else bits) // 8
			if not text:
				found = self.inside(of, path, off)
				if found:
					return found
			elif self.text(text) == path:
				return off, of
		return None

	def array(self, number):
		"""(number of elements, size of one) of an array type."""
		kind, _, size, at, _ = self.types[number]
		if kind in (8, 9, 10, 11, 18):
			return self.array(size)
		if kind != 3:
			return None
		of, _, n = struct.unpack_from("<III", self.data, at + 12)
		return n, self.size(of)
