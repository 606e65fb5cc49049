/* SPDX-License-Identifier: GPL-2.0-or-later */
/* machine/efi_log: pieces of a log as files of variables, and what it leaves alone. */
#include "machine/efi_log.h"

#include <dirent.h>
#include <errno.h>

#include "base/err.h"
#include "base/io.h"
#include "folder.h"
#include "machine/log_end.h"
#include "t.h"

#define SECOND 1764500001

static char text[LOG_END_MAX];
static uint64_t alive;

static bool write_log(size_t len, double seconds, struct log_end_kept *kept, struct err *e)
{
	const struct log_end log = { text, len, SECOND, monotonic_seconds() + seconds,
					  &alive };

	return efi_log_write(root, &log, kept, e);
}

static unsigned n_files(void)
{
	DIR *dir = opendir(root);
	struct dirent *entry;
	unsigned n = 0;
	char name[64];

	while ((entry = readdir(dir)))
		n += efi_log_is_ours(entry->d_name, name);
	closedir(dir);
	return n;
}

static const char *name_of(unsigned part)
{
	static char name[128];

	snprintf(name, sizeof(name), EFI_LOG_PREFIX "%d%02u001-" EFI_LOG_GUID, SECOND, part);
	return name;
}

static void names(void)
{
	static const struct {
		const char *file;
		bool ours;
	} rows[] = {
		{ EFI_LOG_PREFIX "176450000101001-" EFI_LOG_GUID, true },
		{ EFI_LOG_PREFIX "17645000010100-" EFI_LOG_GUID, false },
		{ EFI_LOG_PREFIX "1764500001010012-" EFI_LOG_GUID, false },
		{ EFI_LOG_PREFIX "17645000010100x-" EFI_LOG_GUID, false },
		{ EFI_LOG_PREFIX "176450000101001-8be4df61-93ca-11d2-aa0d-00e098032b8c",
		  false },
		{ "dump-type0-1-1-176450000-D-" EFI_LOG_GUID, false },
		{ EFI_LOG_PREFIX "-" EFI_LOG_GUID, false },
		{ "-" EFI_LOG_GUID, false },
		{ EFI_LOG_GUID, false },
		{ "", false },
	};
	char name[64] = "";

	for (size_t i = 0; i < T_SIZE(rows); i++)
		T_CHECK(rows[i].file, efi_log_is_ours(rows[i].file, name) == rows[i].ours);
	T_CHECK("the name", efi_log_is_ours(rows[0].file, name) &&
		!strcmp(name, EFI_LOG_PREFIX "176450000101001"));
}

/* Half stays free, whatever it is half of. */
static void room(void)
{
	static const struct {
		const char *what;
		uint64_t all, free_len;
		unsigned least, most;
	} rows[] = {
		{ "nobody tells", 0, 0, 7, 8 },
		{ "a PC, nearly empty", 256 << 10, 240 << 10, 16, 16 },
		{ "some above half", 64 << 10, 40 << 10, 5, 7 },
		{ "less than a piece above half", 64 << 10, (32 << 10) + 1000, 0, 0 },
		{ "half", 64 << 10, 32 << 10, 0, 0 },
		{ "full", 64 << 10, 0, 0, 0 },
		{ "a lie", 64 << 10, 1 << 20, 0, 0 },
		{ "much", UINT64_MAX, UINT64_MAX, 16, 16 },
	};

	for (size_t i = 0; i < T_SIZE(rows); i++) {
		unsigned n = efi_log_pieces(rows[i].all, rows[i].free_len);

		T_CHECK(rows[i].what, n >= rows[i].least && n <= rows[i].most);
		T_CHECK(rows[i].what, !n || !rows[i].all ||
			rows[i].free_len - n * EFI_LOG_PIECE >= rows[i].all / 2);
	}
}

/* What fits is there, from the last piece on; a variable is no longer than efi-pstore's. */
static void pieces(void)
{
	struct log_end_kept kept;
	char piece[2 * EFI_LOG_PIECE], joined[LOG_END_MAX + 1];
	size_t len = 0;
	struct err e;

	for (size_t i = 0; i < sizeof(text); i++)
		text[i] = 'a' + i % 23;
	T_CHECK("written", write_log(sizeof(text), 60, &kept, &e));
	T_EQUAL("files", kept.n, n_files());
	T_EQUAL("counted", kept.n, alive);
	T_EQUAL("half, as a folder does not tell", efi_log_pieces(0, 0), kept.n);
	T_CHECK("full ones", kept.len > kept.n * (EFI_LOG_PIECE - 24));
	for (unsigned part = kept.n; part; part--) {
		int fd = open(at(name_of(part)), O_RDONLY);
		ssize_t n = read(fd, piece, sizeof(piece) - 1);
		char head[40];
		int head_len = snprintf(head, sizeof(head), "%c%c%c%cPanic#1 Part%u\n", 7, 0,
					0, 0, part);

		close(fd);
		T_CHECK("attributes and head", n > head_len && !memcmp(piece, head, head_len));
		T_CHECK("no longer than firmware takes", n <= 4 + EFI_LOG_PIECE);
		if (n > head_len && len + n - head_len <= LOG_END_MAX) {
			memcpy(joined + len, piece + head_len, n - head_len);
			len += n - head_len;
		}
	}
	T_CHECK("the end of the log", len == kept.len &&
		!memcmp(joined, text + sizeof(text) - len, len));
	T_CHECK("a second one does not come on top", !write_log(10, 60, &kept, &e));
	T_EQUAL("it says so", EEXIST, e.code);
	T_EQUAL("nothing of it", 0, kept.n);
}

static void removal(void)
{
	struct err e;

	for (unsigned part = 1; there(name_of(part)); part++)
		T_CHECK("removed", efi_log_remove(at(name_of(part)), &e));
	T_EQUAL("none is left", 0, n_files());
	T_CHECK("one that has gone is no error", efi_log_remove(at(name_of(1)), &e));
}

int main(void)
{
	struct log_end_kept kept;
	struct err e;
	char command[64];

	if (!mkdtemp(root))
		abort();
	names();
	room();
	T_CHECK("no time", !write_log(100, -1, &kept, &e) && e.code == ETIMEDOUT);
	T_EQUAL("nothing written", 0, n_files());
	pieces();
	removal();
	T_CHECK("a short one", write_log(3, 60, &kept, &e));
	T_EQUAL("is one variable", 1, kept.n);
	T_EQUAL("of all of it", 3, kept.len);
	removal();
	T_CHECK("a folder of no variables", efi_log_mount(root, &e));
	T_CHECK("no such folder", !efi_log_mount("/nowhere/at/all", &e) && e.code == ENOENT);
	snprintf(command, sizeof(command), "rm -rf %s", root);
	return system(command) || t_done();
}
