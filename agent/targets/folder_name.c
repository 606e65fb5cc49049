/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The names of crashes' folders. Names come from disks and servers: only what we would
 * write ourselves is believed.
 */
#include "folder_name.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define SHAPE "-dddd-dd-dd-dd:dd:dd"
#define SHAPE_LEN (sizeof(SHAPE) - 1)
#define DIGITS "0123456789"

static bool is_plain(char c)
{
	return c > ' ' && c <= '~' && c != '/';
}

/* Appends what the character behind a % stands for, or a character that is just itself. */
static void append_part(char host[FOLDER_HOST_MAX], const struct folder_host *of, char what)
{
	size_t len = strlen(host);
	const char *part = what == 'm' ? of->machine_id : of->own;

	/* A name that begins with the time is found by nobody. */
	snprintf(host + len, FOLDER_HOST_MAX - len, "%.*s",
		 what == 'm' ? MACHINE_ID_SHOWN : FOLDER_HOST_MAX, *part ? part : "unknown");
}

void folder_name_host(const struct folder_host *of, const char *suffix,
		      char host[FOLDER_HOST_MAX])
{
	size_t len;

	host[0] = '\0';
	for (const char *at = *of->pattern ? of->pattern : "%H"; *at; at++) {
		len = strlen(host);
		if (at[0] == '%' && at[1])
			append_part(host, of, *++at);
		else
			snprintf(host + len, FOLDER_HOST_MAX - len, "%c", *at);
	}
	len = strlen(host);
	snprintf(host + len, FOLDER_HOST_MAX - len, "%s", suffix);
	for (char *c = host; *c; c++)
		if (!is_plain(*c) || (*c == '.' && c == host))
			*c = '_';
}

void folder_name_here(const char *pattern, const char *machine_id, char host[FOLDER_HOST_MAX])
{
	char own[FOLDER_HOST_MAX] = "";
	const struct folder_host of = { pattern, own, machine_id };

	gethostname(own, sizeof(own) - 1);
	folder_name_host(&of, "", host);
}

void folder_name(const char *host, int64_t when, char name[FOLDER_NAME_MAX])
{
	time_t t = when;
	struct tm tm;
	char stamp[32];

	if (!gmtime_r(&t, &tm) || tm.tm_year < 0 || tm.tm_year >= 8000)
		memset(&tm, 0, sizeof(tm));
	strftime(stamp, sizeof(stamp), "%Y-%m-%d-%H:%M:%S", &tm);
	snprintf(name, FOLDER_NAME_MAX, "%.80s-%s", host, stamp);
}

static bool has_shape(const char *text)
{
	for (size_t i = 0; i < SHAPE_LEN; i++) {
		if (SHAPE[i] == 'd' ? text[i] < '0' || text[i] > '9' : text[i] != SHAPE[i])
			return false;
	}
	return true;
}

/* A 31st of February is nobody's. */
static bool parse_time(const char *text, int64_t *when_ret)
{
	struct tm tm = { 0 }, again;
	time_t t;

	if (sscanf(text, "-%4d-%2d-%2d-%2d:%2d:%2d", &tm.tm_year, &tm.tm_mon, &tm.tm_mday,
		   &tm.tm_hour, &tm.tm_min, &tm.tm_sec) != 6)
		return false;
	tm.tm_year -= 1900;
	tm.tm_mon--;
	again = tm;
	t = timegm(&again);
	*when_ret = t;
	return again.tm_year == tm.tm_year && again.tm_mon == tm.tm_mon &&
	       again.tm_mday == tm.tm_mday && again.tm_hour == tm.tm_hour &&
	       again.tm_min == tm.tm_min && again.tm_sec == tm.tm_sec;
}

bool folder_name_parse(const char *name, size_t *host_len_ret, int64_t *when_ret)
{
	size_t len = strlen(name), stem = len, digits = 0;

	if (len >= FOLDER_NAME_MAX)
		return false;
	/* "-1" is no part of the shape, which ends with a colon before its last digits. */
	while (digits < len && strchr(DIGITS, name[len - 1 - digits]))
		digits++;
	if (digits && digits < len && name[len - 1 - digits] == '-')
		stem = len - 1 - digits;
	if (stem <= SHAPE_LEN || !has_shape(name + stem - SHAPE_LEN))
		return false;
	*host_len_ret = stem - SHAPE_LEN;
	for (size_t i = 0; i < *host_len_ret; i++)
		if (!is_plain(name[i]))
			return false;
	return *name != '.' && parse_time(name + *host_len_ret, when_ret);
}
