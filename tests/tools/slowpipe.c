/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * slowpipe RATE CACHE: reads standard input to its end as a target would that takes RATE
 * bytes a second and has a cache of CACHE bytes, which is a pipe's: 64 KiB to 1 MiB. Prints
 * the seconds from the first byte to the last, and how many there were.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#define SPARE (256.0 * 1024)	/* bytes that may come at once after a pause */

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec + t.tv_nsec / 1e9;
}

static void sleep_for(double s)
{
	struct timespec t = { (time_t)s, (s - (time_t)s) * 1e9 };

	while (nanosleep(&t, &t) && errno == EINTR)
		;
}

int main(int argc, char **argv)
{
	double rate = argc == 3 ? atof(argv[1]) : 0, may = SPARE, first = 0, last = 0, t;
	static char buf[64 << 10];
	unsigned long long len = 0;
	ssize_t n;

	if (rate <= 0) {
		fprintf(stderr, "usage: slowpipe RATE CACHE\n");
		return 2;
	}
	fcntl(STDIN_FILENO, F_SETPIPE_SZ, atoi(argv[2]));
	while ((n = read(STDIN_FILENO, buf, sizeof(buf))) > 0) {
		t = now();
		if (!len)
			first = last = t;
		may += (t - last) * rate;
		last = t;
		if (may > SPARE)
			may = SPARE;
		may -= n;
		len += n;
		if (may < 0)
			sleep_for(-may / rate);
	}
	printf("%.4f %llu\n", len ? now() - first : 0, len);
	return n < 0;
}
