/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Whole reads and writes: a short or interrupted call is continued, an end of
 * file in the middle is EIO. `name` is what the message calls the file.
 */
#ifndef BASE_IO_H
#define BASE_IO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct err;

bool write_all(int fd, const void *buf, size_t len, const char *name, struct err *e);
bool pwrite_all(int fd, const void *buf, size_t len, uint64_t off, const char *name,
		struct err *e);
/* One that fails is tried three times: for want of memory it may. */
bool pread_all(int fd, void *buf, size_t len, uint64_t off, const char *name,
	       struct err *e);

/*
 * A small text file as a string: at most size - 1 bytes, trailing white space cut.
 * False with errno's code when it cannot be opened or read, or is none.
 */
bool read_text(const char *path, char *buf, size_t size, struct err *e);

/* Writes text to an existing file (procfs, sysfs). */
bool write_text(const char *path, const char *text, struct err *e);

/* Seconds of the clock that never jumps. */
double monotonic_seconds(void);

/* Sleeps so long, or until a signal comes. */
void pause_seconds(double seconds);

/* That all threads of this process have computed for. */
double cpu_seconds(void);

/* Bytes of memory that this process has had at most; 0: not known. */
uint64_t memory_peak_len(void);

#endif
