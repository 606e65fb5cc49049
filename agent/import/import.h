/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Another tool's configuration becomes ours: lines, and notes on what does not become one.
 * Nothing of a file is passed over without a word.
 */
#ifndef IMPORT_IMPORT_H
#define IMPORT_IMPORT_H

#include <stdbool.h>
#include <stddef.h>

struct shell_text;
struct shell_var;
struct target_kind;

#define IMPORT_NOTES 96
#define IMPORT_TEXT 8192

enum note_kind {
	NOTE_LOST,		/* we do not do that */
	NOTE_CHANGED,		/* done, but not as it was */
	NOTE_TODO,		/* the operator's work */
	N_NOTE_KINDS
};

struct import {
	const char *const *known_hosts;	/* files with servers' keys; ends with NULL */
	char text[IMPORT_TEXT];		/* our lines */
	size_t len;
	struct import_note {
		enum note_kind kind;
		unsigned line;		/* of the file, 0: none */
		char what[100], why[240];
	} notes[IMPORT_NOTES];
	unsigned n_notes;
	unsigned line;			/* that is looked at */
	const char *what;		/* stands there: the setting, for notes */
	bool has_network;		/* it has been spoken of */
};

const char *note_kind_name(enum note_kind kind);

void import_put(struct import *m, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
/* Of what is looked at. */
void import_note(struct import *m, enum note_kind kind, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* A target's line. A value that would be cut at a '#' stands in quotes. */
void import_put_target(struct import *m, const char *target);

/* What does not fit is noted as lost, and `to` stays as it is. */
bool import_copy(struct import *m, char *to, size_t size, const char *value);

/* ---- what the dialects have in common ---- */

/* A folder of this machine, whose file system is looked up. */
void import_local(struct import *m, const char *path);

/* A device as fstab names it, and a folder on its file system. */
void import_disk(struct import *m, const char *device, const char *path);

/* Where another tool has its dumps. */
struct import_place {
	const char *at;		/* a device, "SERVER:/export" or USER@HOST */
	const char *port;	/* "" for none */
	const char *path;	/* a folder there */
	const char *key;	/* ours, to the server */
};

/* As a target of that kind. What it needs is looked up, or noted. */
void import_target(struct import *m, const struct target_kind *kind,
		   const struct import_place *place);

/* "makedumpfile -l -d 31": level and codec; other programs too. */
void import_collector(struct import *m, const char *command);

/* Its options alone; false: none of them is about the level. */
bool import_options(struct import *m, const char *options);

/* One of reboot, halt, poweroff, for the key on_success or on_failure; false: another. */
bool import_action(struct import *m, const char *key, const char *action);

/* A setting that we have nothing for, and why. */
struct import_reason {
	const char *key;
	enum note_kind kind;
	const char *why;
};

/* Says the reason; what is not in the table is a key that nobody knows. */
void import_other(struct import *m, const struct import_reason *reasons, size_t n);

/*
 * The next assignment that counts, as shell_var_next() has it: the last of its name. Those
 * before it, and what is no assignment, are noted and passed over.
 */
bool import_next(struct import *m, struct shell_text *text, struct shell_var *v);

/* Who knows what becomes of a variable. */
struct import_taker {
	const char *name;
	void (*take)(struct import *m, const struct shell_var *v);
};

/* What becomes of a dialect's variables. */
struct import_table {
	const struct import_taker *takers;
	size_t n_takers;
	const struct import_reason *others;
	size_t n_others;
};

void import_variable(struct import *m, const struct import_table *table,
		     const struct shell_var *v);

/* ---- the dialects ---- */

void import_redhat(struct import *m, const char *text);
void import_debian(struct import *m, const char *text);
void import_suse(struct import *m, const char *text);

#endif
