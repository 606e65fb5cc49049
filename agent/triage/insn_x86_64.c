/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * x86-64, as Intel's manual lays it out (volume 2, chapter 2 and appendix A): prefixes, REX,
 * VEX or EVEX, opcode, ModRM, SIB, displacement, immediate. A letter for each
 * opcode says what follows it:
 *   .  nothing           m  ModRM                  r  ModRM that only names registers
 *   b  8 bits            B  ModRM and 8 bits       j  8 bits, a jump
 *   z  32 bits, or 16    Z  ModRM and those        l  32 bits, a jump or call
 *   v  as z, or 64       o  an address of 64 bits  w  16 bits        e  16 and 8 bits
 *   g  ModRM, and 8 bits if it is TEST             G  ModRM, and z's if it is TEST
 *   n  ModRM that touches no memory                s  memory at rsi and rdi
 *   p  a prefix, handled before                    x  no instruction
 */
#include "insn.h"

#include <string.h>

#include "base/bytes.h"

static const char map_one[] =
	"mmmmbzxxmmmmbzxx" "mmmmbzxxmmmmbzxx" "mmmmbzpxmmmmbzpx" "mmmmbzpxmmmmbzpx"
	"pppppppppppppppp" "................" "xxxmppppzZbBssss" "jjjjjjjjjjjjjjjj"
	"BZxBmmmmmmmmmnmm" "..........x....." "oooossssbzssssss" "bbbbbbbbvvvvvvvv"
	"BBw.xxBZe.w..bx." "mmmmxxx.mmmmmmmm" "jjjjbbbbllxj...." "p.pp..gG......mm";

/* Behind 0F. */
static const char map_two[] =
	"mmmmx.....x.xn.B" "mmmmmmmmnnnnnnnn" "rrrrxxxxmmmmmmmm" "......x.xxxxxxxx"
	"mmmmmmmmmmmmmmmm" "mmmmmmmmmmmmmmmm" "mmmmmmmmmmmmmmmm" "BBBBmmm.mmxxmmmm"
	"llllllllllllllll" "mmmmmmmmmmmmmmmm" "...mBmxx...mBmmm" "mmmmmmmmmmBmmmmm"
	"mmBmBBBm........" "mmmmmmmmmmmmmmmm" "mmmmmmmmmmmmmmmm" "mmmmmmmmmmmmmmmm";

/* Places in struct pt_regs, by the number that instructions give them. */
static const signed char reg_places[] = { 10, 11, 12, 5, 19, 4, 13, 14,
					  9, 8, 7, 6, 3, 2, 1, 0 };

#define RSI 6
#define RDI 7

enum { REX_B = 1, REX_X = 2, REX_W = 8 };

/* What has been read of it so far. */
struct reader {
	const uint8_t *bytes;
	size_t n, at;
	bool is_short;		/* not all of it is there */
	unsigned rex;
	const char *segment;
	bool operand_16, address_32, is_evex;
	char follows;
	uint8_t opcode;
};

static uint64_t take(struct reader *r, unsigned len)
{
	uint64_t value = 0;

	if (len > r->n - r->at) {
		r->is_short = true;
		return 0;
	}
	memcpy(&value, r->bytes + r->at, len);
	r->at += len;
	return value;
}

static int64_t take_signed(struct reader *r, unsigned len)
{
	uint64_t value = take(r, len);

	return (int64_t)(value << (64 - 8 * len)) >> (64 - 8 * len);
}

/* ---- prefixes and opcode --------------------------------------------------------- */

/* False: this byte is none. */
static bool take_prefix(struct reader *r)
{
	uint8_t byte = r->at < r->n ? r->bytes[r->at] : 0;

	if (map_one[byte] != 'p')
		return false;
	r->at++;
	if (byte >> 4 == 4) {
		r->rex = byte & 15;
		return true;
	}
	r->rex = 0;	/* counts only right in front of the opcode */
	r->operand_16 |= byte == 0x66;
	r->address_32 |= byte == 0x67;
	if (byte == 0x64 || byte == 0x65)
		r->segment = byte == 0x64 ? "fs:" : "gs:";
	return true;
}

/* VEX of 2 or 3 bytes, EVEX of 4: which map. Their R, X and B are upside down. */
static unsigned take_vector(struct reader *r, uint8_t first)
{
	uint8_t byte = (uint8_t)take(r, 1);
	unsigned map = 1;

	if (first != 0xc5) {
		r->rex = (byte & 0x40 ? 0 : REX_X) | (byte & 0x20 ? 0 : REX_B);
		map = byte & (first == 0x62 ? 7 : 31);
		r->rex |= take(r, 1) & 0x80 ? REX_W : 0;
	}
	r->is_evex = first == 0x62;
	if (r->is_evex)
		take(r, 1);
	return map;
}

static void by_map(struct reader *r, unsigned map)
{
	r->opcode = (uint8_t)take(r, 1);
	r->follows = map == 1 ? map_two[r->opcode] : map == 3 ? 'B' :
		     map == 2 || map == 5 || map == 6 ? 'm' : 'x';
}

static void take_opcode(struct reader *r)
{
	uint8_t byte = (uint8_t)take(r, 1);

	if (byte == 0xc4 || byte == 0xc5 || byte == 0x62) {
		by_map(r, take_vector(r, byte));
		return;
	}
	if (byte != 0x0f) {
		r->opcode = byte;
		r->follows = map_one[byte];
		return;
	}
	byte = r->at < r->n ? r->bytes[r->at] : 0;
	if (byte == 0x38 || byte == 0x3a)
		r->at++;
	by_map(r, byte == 0x38 ? 2 : byte == 0x3a ? 3 : 1);
}

/* ---- operands ---------------------------------------------------------------------- */

static struct operand *new_operand(struct reader *r, struct insn *out)
{
	struct operand *op = &out->operands[out->n_operands++];

	*op = (struct operand){ .base = NO_REG, .index = NO_REG, .prefix = r->segment,
				.is_touched = r->follows != 'n' };
	return op;
}

static void take_sib(struct reader *r, unsigned mod, struct operand *op)
{
	unsigned sib = (unsigned)take(r, 1), base = sib & 7, index = sib >> 3 & 7;

	index |= r->rex & REX_X ? 8 : 0;
	if (index != 4) {
		op->index = reg_places[index];
		op->shift = sib >> 6;
	}
	if (base == 5 && !mod)
		op->disp = take_signed(r, 4);
	else
		op->base = reg_places[base | (r->rex & REX_B ? 8 : 0)];
}

/* ModRM and what belongs to it; the middle three bits, which may be part of the opcode. */
static unsigned take_modrm(struct reader *r, struct insn *out)
{
	unsigned modrm = (unsigned)take(r, 1), mod = modrm >> 6, rm = modrm & 7;
	struct operand *op;

	if (mod == 3 || r->follows == 'r')
		return modrm >> 3 & 7;
	op = new_operand(r, out);
	if (rm == 4) {
		take_sib(r, mod, op);
	} else if (rm == 5 && !mod) {
		op->disp = take_signed(r, 4);
		op->from_insn = true;
	} else {
		op->base = reg_places[rm | (r->rex & REX_B ? 8 : 0)];
	}
	if (mod == 1)
		op->disp = take_signed(r, 1);
	else if (mod == 2)
		op->disp = take_signed(r, 4);
	/* EVEX counts 8 bits in elements, of a size that is not looked at here. */
	if (r->address_32 || (r->is_evex && mod == 1))
		op->is_touched = false;
	return modrm >> 3 & 7;
}

/* String instructions, INS, OUTS: what they read is at rsi, what else they touch at rdi. */
static void string_operands(struct reader *r, struct insn *out)
{
	unsigned kind = r->opcode & 0xe;

	/* INS writes what it has of a port, OUTS reads. */
	if (r->opcode >> 4 == 6)
		kind = kind == 0xc ? 0xa : 0xc;
	if (kind == 0x4 || kind == 0x6 || kind == 0xc)
		new_operand(r, out)->base = reg_places[RSI];
	if (kind != 0xc) {
		struct operand *op = new_operand(r, out);

		op->base = reg_places[RDI];
		op->prefix = NULL;
	}
}

/* ---- what follows the opcode --------------------------------------------------------- */

static void take_jump(struct reader *r, unsigned len, struct insn *out)
{
	out->jumps = true;
	out->target = take_signed(r, len);
}

static void take_rest(struct reader *r, struct insn *out)
{
	unsigned wide = r->operand_16 && !(r->rex & REX_W) ? 2 : 4, group = 0;

	if (strchr("mnrBZgG", r->follows))
		group = take_modrm(r, out);
	switch (r->follows) {
	case 'e':
		take(r, 3);
		break;
	case 'w':
		take(r, 2);
		break;
	case 'b': case 'B':
		take(r, 1);
		break;
	case 'z': case 'Z':
		take(r, wide);
		break;
	case 'v':
		take(r, r->rex & REX_W ? 8 : wide);
		break;
	case 'g': case 'G':
		take(r, group > 1 ? 0 : r->follows == 'g' ? 1 : wide);
		break;
	case 'o':
		new_operand(r, out)->disp = (int64_t)take(r, r->address_32 ? 4 : 8);
		break;
	case 'j': case 'l':
		take_jump(r, r->follows == 'j' ? 1 : 4, out);
		break;
	case 's':
		string_operands(r, out);
		break;
	}
}

void insn_decode_x86_64(const uint8_t *bytes, size_t n, struct insn *out)
{
	struct reader r = { .bytes = bytes, .n = min_u64(n, INSN_MAX) };

	while (take_prefix(&r))
		;
	take_opcode(&r);
	if (!r.is_short && r.follows != 'x')
		take_rest(&r, out);
	if (r.is_short || r.follows == 'x') {
		*out = (struct insn){ .len = 0 };
		return;
	}
	out->len = (unsigned)r.at;
	out->target += out->len;
	for (unsigned i = 0; i < out->n_operands; i++)
		if (out->operands[i].from_insn)
			out->operands[i].disp += out->len;
}
