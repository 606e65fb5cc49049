/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The version of crashbox. */
#ifndef BASE_VERSION_H
#define BASE_VERSION_H

#define CRASHBOX_VERSION "0.1.0"

#endif
