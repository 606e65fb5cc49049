/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Headers of kernel images. Offsets into headers; every one is checked against the length
 * of the file.
 */
#include "bootimage.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "base/bytes.h"
#include "base/cleanup.h"
#include "base/err.h"

/* struct setup_header, Linux arch/x86/include/uapi/asm/bootparam.h */
#define SETUP_SECTS 0x1f1
#define BOOT_FLAG 0x1fe
#define HEADER_MAGIC 0x202
#define PROTOCOL 0x206
#define VERSION_AT 0x20e
#define RELOCATABLE 0x234
#define XLOADFLAGS 0x236
#define CMDLINE_SIZE 0x238
#define PAYLOAD_OFFSET 0x248
#define PAYLOAD_LENGTH 0x24c
#define INIT_SIZE 0x260
#define HEADER_END 0x268
#define PROTOCOL_MIN 0x20c	/* the first with xloadflags */
#define IS_64_BIT 1

#define ARM64_MAGIC_AT 0x38
#define SECTION 40		/* bytes of a row of a PE file's table of sections */

/* The first word of a text, at most `most` bytes long. */
static void copy_word(char *to, size_t size, const uint8_t *from, size_t most)
{
	size_t n = 0;

	while (n < most && n < size - 1 && from[n] > ' ' && from[n] < 127) {
		to[n] = from[n];
		n++;
	}
	to[n] = '\0';
}

/* The PE header's certificate table, which Secure Boot looks at. */
static void find_signature(struct bootimage *b)
{
	const uint8_t *bytes = b->bytes;
	size_t pe, table, at, len = b->len;

	if (len < 0x40 || memcmp(bytes, "MZ", 2))
		return;
	pe = get_u32(bytes + 0x3c);
	if (pe > len - 0x40 || len - pe < 24 + 112 + 8 * 5 || memcmp(bytes + pe, "PE\0\0", 4))
		return;
	if (get_u16(bytes + pe + 24) != 0x20b)	/* PE32+ */
		return;
	table = pe + 24 + 112 + 8 * 4;
	at = get_u32(bytes + table);
	b->is_signed = at && get_u32(bytes + table + 4);
	if (b->is_signed && at < len) {
		b->signature = bytes + at;
		b->signature_len = min_u64(len - at, get_u32(bytes + table + 4));
	}
}

/*
 * A PE file that carries a kernel in its section .linux, beside initrd and command line
 * (Microsoft, "PE Format"; UAPI group, UAPI.5). kexec_file_load(2) takes no such thing.
 */
static bool is_unified(const uint8_t *bytes, size_t len)
{
	size_t pe, at, n;

	if (len < 0x40 || memcmp(bytes, "MZ", 2))
		return false;
	pe = get_u32(bytes + 0x3c);
	if (len < 24 || pe > len - 24 || memcmp(bytes + pe, "PE\0\0", 4))
		return false;
	n = get_u16(bytes + pe + 6);
	at = pe + 24 + get_u16(bytes + pe + 20);
	for (size_t i = 0; i < n && at <= len && len - at >= SECTION; i++, at += SECTION)
		if (!memcmp(bytes + at, ".linux\0\0", 8))
			return true;
	return false;
}

static bool is_bzimage(const uint8_t *bytes, size_t len)
{
	return len >= HEADER_END && get_u16(bytes + BOOT_FLAG) == 0xaa55 &&
	       !memcmp(bytes + HEADER_MAGIC, "HdrS", 4);
}

static bool parse_bzimage(struct bootimage *b, struct err *e)
{
	const uint8_t *bytes = b->bytes;
	size_t sects = bytes[SETUP_SECTS] ? bytes[SETUP_SECTS] : 4, code = (sects + 1) * 512;
	size_t version = get_u16(bytes + VERSION_AT);
	size_t at = get_u32(bytes + PAYLOAD_OFFSET), len = get_u32(bytes + PAYLOAD_LENGTH);

	if (get_u16(bytes + PROTOCOL) < PROTOCOL_MIN)
		return fail(e, ENOEXEC, "its boot protocol is older than 2.12 (Linux 3.8)");
	if (!(get_u16(bytes + XLOADFLAGS) & IS_64_BIT))
		return fail(e, ENOEXEC, "a kernel for 32 bits");
	if (!bytes[RELOCATABLE])
		return fail(e, ENOEXEC, "not relocatable (CONFIG_RELOCATABLE is off), so it "
			    "cannot start in the reserved memory");
	if (version && version + 0x200 < b->len)
		copy_word(b->version, sizeof(b->version), bytes + 0x200 + version,
			  b->len - 0x200 - version);
	b->cmdline_max = get_u32(bytes + CMDLINE_SIZE);
	b->run_len = get_u32(bytes + INIT_SIZE);
	if (code > b->len || at > b->len - code || len > b->len - code - at)
		return fail(e, ENOEXEC, "cut off: it should be longer than %zu bytes", b->len);
	b->payload = bytes + code + at;
	b->payload_len = len;
	return true;
}

static bool is_arm64(const uint8_t *bytes, size_t len)
{
	return len >= 0x40 && !memcmp(bytes + ARM64_MAGIC_AT, "ARMd", 4);
}

static bool parse_arm64(struct bootimage *b, struct err *e)
{
	static const char words[] = "Linux version ";
	const uint8_t *at = memmem(b->bytes, b->len, words, sizeof(words) - 1);

	(void)e;
	b->run_len = max_u64(get_u64(b->bytes + 0x10), b->len);
	b->payload = b->bytes;
	b->payload_len = b->len;
	/* The format string "Linux version %s" is there, too. */
	while (at && at[sizeof(words) - 1] == '%') {
		const uint8_t *next = at + sizeof(words);

		at = memmem(next, b->bytes + b->len - next, words, sizeof(words) - 1);
	}
	if (at)
		copy_word(b->version, sizeof(b->version), at + sizeof(words) - 1,
			  b->bytes + b->len - at - (sizeof(words) - 1));
	return true;
}

/* Another CPU is a row here and one in vmcore/arch.c. */
static const struct bootimage_kind kinds[] = {
	{ EM_X86_64, true, is_bzimage, parse_bzimage },
	{ EM_AARCH64, false, is_arm64, parse_arm64 },
};

bool bootimage_parse(struct bootimage *b, const uint8_t *bytes, size_t len, struct err *e)
{
	*b = (struct bootimage){ .bytes = bytes, .len = len };
	find_signature(b);
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (kinds[i].is(bytes, len)) {
			b->kind = &kinds[i];
			return kinds[i].parse(b, e);
		}
	if (len >= 8 && !memcmp(bytes, "MZ", 2) && !memcmp(bytes + 4, "zimg", 4))
		return fail(e, ENOEXEC, "an EFI zboot image, which only firmware can unpack: "
			    "use the plain Image of this kernel");
	if (is_unified(bytes, len))
		return fail(e, ENOEXEC, "a unified kernel image (UKI): kexec takes the kernel "
			    "in it, as /lib/modules/VERSION/vmlinuz, or its section .linux; "
			    "where only signed kernels are taken, that with a signature of its "
			    "own");
	if (len >= 4 && !memcmp(bytes, "\177ELF", 4))
		return fail(e, ENOEXEC, "an ELF file: use the bzImage (vmlinuz) of this "
			    "kernel");
	return fail(e, ENOEXEC, "not a kernel: neither bzImage (x86) nor Image (arm64)");
}

bool bootimage_open(struct bootimage *b, const char *path, struct err *e)
{
	cleanup_fd int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	struct stat st;
	void *map;

	*b = (struct bootimage){ .len = 0 };
	if (fd < 0 || fstat(fd, &st))
		return fail(e, errno, "kernel %s: %s", path, strerror(errno));
	if (!S_ISREG(st.st_mode) || !st.st_size)
		return fail(e, ENOEXEC, "kernel %s: not a file with something in it", path);
	map = mmap(NULL, st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (map == MAP_FAILED)
		return fail(e, errno, "kernel %s: cannot map it: %s", path, strerror(errno));
	if (bootimage_parse(b, map, st.st_size, e))
		return true;
	munmap(map, st.st_size);
	*b = (struct bootimage){ .len = 0 };
	return within(e, "kernel %s", path);
}

void bootimage_close(struct bootimage *b)
{
	if (b->len)
		munmap((void *)b->bytes, b->len);
	*b = (struct bootimage){ .len = 0 };
}
