/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the file of a kernel says of itself: x86's bzImage (Linux
 * Documentation/arch/x86/boot.rst) and arm64's Image (Documentation/arch/arm64/booting.rst).
 */
#ifndef KEXEC_BOOTIMAGE_H
#define KEXEC_BOOTIMAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct err;

struct bootimage;

/* A format that kernels are started in: a row of bootimage.c for each CPU's. */
struct bootimage_kind {
	uint16_t e_machine;	/* of the kernel inside */
	bool is_packed;		/* the payload unpacks to the kernel, else it is the kernel */
	bool (*is)(const uint8_t *bytes, size_t len);
	bool (*parse)(struct bootimage *b, struct err *e);
};

struct bootimage {
	const uint8_t *bytes;	/* the file, mapped */
	size_t len;
	const struct bootimage_kind *kind;
	char version[128];	/* "6.1.0-56-amd64"; "" if it does not tell */
	uint64_t run_len;	/* bytes of memory that it takes to start */
	uint32_t cmdline_max;	/* characters without the NUL, 0: not told */
	bool is_signed;		/* there is a signature, good or bad */
	const uint8_t *signature;	/* what there is of it in the file, at most */
	size_t signature_len;
	const uint8_t *payload;	/* the kernel, packed or not */
	size_t payload_len;
};

/* ENOEXEC names what is wrong with it. Nothing is left open or mapped then. */
bool bootimage_open(struct bootimage *b, const char *path, struct err *e);
void bootimage_close(struct bootimage *b);

/* The same for bytes that are there already. */
bool bootimage_parse(struct bootimage *b, const uint8_t *bytes, size_t len, struct err *e);

#endif
