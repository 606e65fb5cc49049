/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Another tool's configuration becomes ours: lines, and notes on what does not become one.
 * Nothing of a file is passed over without a word.
 */
#ifndef IMPORT_MOVING_H
#define IMPORT_MOVING_H

#include <stdbool.h>
#include <stddef.h>

struct shell_var;

#define MOVING_NOTES 96
#define MOVING_TEXT 8192

enum note_kind {
	NOTE_LOST,		/* we do not do that */
	NOTE_CHANGED,		/* done, but not as it was */
	NOTE_TODO,		/* the operator's work */
	N_NOTE_KINDS
};

struct moving {
	const char *const *known_hosts;	/* files with servers' keys; ends with NULL */
	char text[MOVING_TEXT];		/* our lines */
	size_t len;
	struct moving_note {
		enum note_kind kind;
		unsigned line;		/* of the file, 0: none */
		char what[100], why[240];
	} notes[MOVING_NOTES];
	unsigned n_notes;
	unsigned line;			/* being looked at */
	bool has_network;		/* it has been spoken of */
};

const char *note_kind_name(enum note_kind kind);

void moving_put(struct moving *m, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
void moving_note(struct moving *m, enum note_kind kind, const char *what,
		 const char *fmt, ...) __attribute__((format(printf, 4, 5)));

/* A target's line. A value that would be cut at a '#' stands in quotes. */
void moving_put_target(struct moving *m, const char *what, const char *target);

/* What does not fit is noted as lost, and `to` stays as it is. */
bool moving_copy(struct moving *m, const char *what, char *to, size_t size,
		 const char *value);

/* ---- what the dialects have in common; `what` is the setting, for notes ---- */

/* A folder of this machine, whose file system is looked up. */
void moving_local(struct moving *m, const char *what, const char *path);

/* A device as fstab names it, and a folder on its file system. */
void moving_disk(struct moving *m, const char *what, const char *device, const char *path);

/* "SERVER:/export" and a folder below it. */
void moving_nfs(struct moving *m, const char *what, const char *export, const char *path);

/* USER@HOST, port "" for none, and a folder. The server's key is looked up; key is ours. */
void moving_ssh(struct moving *m, const char *what, const char *user_host, const char *port,
		const char *path, const char *key);

/* "makedumpfile -l -d 31": level and codec; other programs too. */
void moving_collector(struct moving *m, const char *what, const char *command);

/* Its options alone; false: none of them is about the level. */
bool moving_options(struct moving *m, const char *what, const char *options);

/* One of reboot, halt, poweroff, for the key on_success or on_failure; false: another. */
bool moving_action(struct moving *m, const char *key, const char *action);

/* A setting that we have nothing for, and why. */
struct moving_reason {
	const char *key;
	enum note_kind kind;
	const char *why;
};

/* Says the reason; a key that is not in the table is one that nobody knows. */
void moving_other(struct moving *m, const struct moving_reason *reasons, size_t n,
		  const char *key);

/*
 * The next assignment that counts, as shell_var_next() has it: the last of its name. Those
 * before it, and what is no assignment, are noted and passed over.
 */
bool moving_next(struct moving *m, const char **text, unsigned *line, struct shell_var *v);

/* Who knows what becomes of a variable. */
struct moving_taker {
	const char *name;
	void (*take)(struct moving *m, const struct shell_var *v);
};

/* False: it is in no row. */
bool moving_take(struct moving *m, const struct moving_taker *takers, size_t n,
		 const struct shell_var *v);

/* ---- the dialects ---- */

void moving_redhat(struct moving *m, const char *text);
void moving_debian(struct moving *m, const char *text);
void moving_suse(struct moving *m, const char *text);

#endif
