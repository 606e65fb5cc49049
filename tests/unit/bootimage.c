/* SPDX-License-Identifier: GPL-2.0-or-later */
/* kexec/bootimage: headers of kernels, good ones and those that lead astray. */
#include "kexec/bootimage.h"

#include <elf.h>
#include <errno.h>

#include "base/bytes.h"
#include "base/err.h"
#include "t.h"
#include "vmcore/arch.h"

#define FILE_LEN 8192
#define SETUP_LEN 1024		/* one sector of set-up code behind the boot sector */

static void put_u16(uint8_t *p, uint16_t v)
{
	p[0] = v;
	p[1] = v >> 8;
}

/* A bzImage as Debian's are: protocol 2.15, relocatable, 64 bits. */
static void make_bzimage(uint8_t *f)
{
	memset(f, 0, FILE_LEN);
	f[0x1f1] = 1;
	put_u16(f + 0x1fe, 0xaa55);
	memcpy(f + 0x202, "HdrS", 4);
	put_u16(f + 0x206, 0x20f);
	put_u16(f + 0x20e, 0x100);		/* at 0x300 */
	strcpy((char *)f + 0x300, "6.1.0-56-amd64 (builder) #1");
	f[0x234] = 1;
	put_u16(f + 0x236, 1);
	put_u32(f + 0x238, 2047);
	put_u32(f + 0x248, 512);
	put_u32(f + 0x24c, 4096);
	put_u32(f + 0x260, 50u << 20);
}

/* It is told which CPU it is for, and dumps of that CPU are known, too. */
static void check_kind(const char *row, unsigned e_machine, const struct bootimage *b)
{
	T_EQUAL(row, e_machine, b->kind->e_machine);
	T_CHECK(row, arch_of(e_machine));
}

static void check_bzimage(void)
{
	uint8_t f[FILE_LEN];
	struct bootimage b;
	struct err e;

	make_bzimage(f);
	T_CHECK("a bzImage", bootimage_parse(&b, f, sizeof(f), &e));
	check_kind("a bzImage", EM_X86_64, &b);
	T_TEXT("a bzImage", "6.1.0-56-amd64", b.version);
	T_EQUAL("a bzImage", 50u << 20, b.run_len);
	T_EQUAL("a bzImage", 2047, b.cmdline_max);
	T_EQUAL("a bzImage", SETUP_LEN + 512, b.payload - f);
	T_EQUAL("a bzImage", 4096, b.payload_len);
	T_CHECK("a bzImage", !b.is_signed);
	put_u16(f + 0x20e, 0xffff);
	T_CHECK("a version beyond the end", bootimage_parse(&b, f, sizeof(f), &e));
	T_TEXT("a version beyond the end", "", b.version);
}

/* Each with one thing wrong. */
static void check_refused(void)
{
	static const struct {
		const char *row;
		unsigned at, len;
		uint8_t bytes[4];
		const char *says;
	} rows[] = {
		{ "no boot flag", 0x1fe, 2, { 0 }, "not a kernel" },
		{ "another magic", 0x202, 4, { "Hdrs" }, "not a kernel" },
		{ "protocol 2.11", 0x206, 2, { 0x0b, 2 }, "older than 2.12" },
		{ "not relocatable", 0x234, 1, { 0 }, "not relocatable" },
		{ "32 bits", 0x236, 1, { 0 }, "32 bits" },
		{ "set-up code beyond the end", 0x1f1, 1, { 15 }, "cut off" },
		{ "payload beyond the end", 0x248, 4, { 0, 0x20 }, "cut off" },
		{ "payload too long", 0x24c, 4, { 0, 0x1b }, "cut off" },
		{ "a length that wraps", 0x24c, 4, { 255, 255, 255, 255 }, "cut off" },
	};

	for (size_t i = 0; i < T_SIZE(rows); i++) {
		uint8_t f[FILE_LEN];
		struct bootimage b;
		struct err e;

		make_bzimage(f);
		memcpy(f + rows[i].at, rows[i].bytes, rows[i].len);
		T_CHECK(rows[i].row, !bootimage_parse(&b, f, sizeof(f), &e));
		T_EQUAL(rows[i].row, ENOEXEC, e.code);
		T_CHECK(rows[i].row, strstr(e.text, rows[i].says));
	}
}

static void check_arm64(void)
{
	uint8_t f[FILE_LEN] = { 0 };
	struct bootimage b;
	struct err e;

	memcpy(f, "MZ", 2);
	memcpy(f + 0x38, "ARMd", 4);
	put_u64(f + 0x10, 1u << 20);
	strcpy((char *)f + 0x100, "Linux version %s (%s)");
	strcpy((char *)f + 0x200, "Linux version 6.12.1-arm64 (x@y) #1");
	T_CHECK("an Image", bootimage_parse(&b, f, sizeof(f), &e));
	check_kind("an Image", EM_AARCH64, &b);
	T_TEXT("an Image", "6.12.1-arm64", b.version);
	T_EQUAL("an Image", 1u << 20, b.run_len);
	memset(f + 0x38, 0, 4);
	memcpy(f + 4, "zimg", 4);
	T_CHECK("a zboot image", !bootimage_parse(&b, f, sizeof(f), &e));
	T_CHECK("a zboot image", strstr(e.text, "plain Image"));
}

/* As ukify makes them: sections at the end of systemd's stub. */
static void check_unified(void)
{
	uint8_t f[FILE_LEN] = { 0 };
	struct bootimage b;
	struct err e;

	memcpy(f, "MZ", 2);
	put_u32(f + 0x3c, 0x80);
	memcpy(f + 0x80, "PE\0\0", 4);
	put_u16(f + 0x86, 3);
	put_u16(f + 0x80 + 20, 240);
	memcpy(f + 0x80 + 24 + 240, ".text\0\0\0", 8);
	memcpy(f + 0x80 + 24 + 240 + 40, ".cmdline", 8);
	T_CHECK("no kernel in it", !bootimage_parse(&b, f, sizeof(f), &e));
	T_CHECK("no kernel in it", strstr(e.text, "not a kernel"));
	memcpy(f + 0x80 + 24 + 240 + 80, ".linux\0\0", 8);
	T_CHECK("a UKI", !bootimage_parse(&b, f, sizeof(f), &e));
	T_CHECK("a UKI", strstr(e.text, "section .linux") &&
		strstr(e.text, "a signature of its own"));
	put_u16(f + 0x86, 2);
	T_CHECK("behind its sections", !bootimage_parse(&b, f, sizeof(f), &e));
	T_CHECK("behind its sections", strstr(e.text, "not a kernel"));
	put_u16(f + 0x86, 0xffff);
	put_u16(f + 0x80 + 20, 0xffff);
	T_CHECK("a table beyond the end", !bootimage_parse(&b, f, sizeof(f), &e));
	put_u32(f + 0x3c, FILE_LEN - 24);
	memcpy(f + FILE_LEN - 24, "PE\0\0", 4);
	T_CHECK("a header at the very end", !bootimage_parse(&b, f, sizeof(f), &e));
}

static void check_signature(void)
{
	uint8_t f[FILE_LEN];
	struct bootimage b;
	struct err e;

	make_bzimage(f);
	memcpy(f, "MZ", 2);
	put_u32(f + 0x3c, 0x400);
	memcpy(f + 0x400, "PE\0\0", 4);
	put_u16(f + 0x418, 0x20b);
	T_CHECK("a table without a signature", bootimage_parse(&b, f, sizeof(f), &e));
	T_CHECK("a table without a signature", !b.is_signed);
	put_u32(f + 0x418 + 112 + 32, 0x1800);
	put_u32(f + 0x418 + 112 + 36, 0x200);
	T_CHECK("one with it", bootimage_parse(&b, f, sizeof(f), &e));
	T_CHECK("one with it", b.is_signed);
	put_u32(f + 0x3c, FILE_LEN - 0x40);
	T_CHECK("a header at the very end", bootimage_parse(&b, f, sizeof(f), &e));
	T_CHECK("a header at the very end", !b.is_signed);
}

/* Every length, each byte beyond which is out of bounds. */
static void check_short(void)
{
	uint8_t f[FILE_LEN];

	make_bzimage(f);
	memcpy(f, "MZ", 2);
	put_u32(f + 0x3c, 0x80);
	for (size_t len = 0; len < 0x400; len++) {
		uint8_t *exact = malloc(len ? len : 1);
		struct bootimage b;
		struct err e;

		memcpy(exact, f, len);
		T_CHECK("a file that was cut", !bootimage_parse(&b, exact, len, &e));
		free(exact);
	}
}

int main(void)
{
	check_bzimage();
	check_refused();
	check_arm64();
	check_unified();
	check_signature();
	check_short();
	return t_done();
}
