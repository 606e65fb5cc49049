/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef RUN_VERSION_H
#define RUN_VERSION_H

#define CRASHBOX_VERSION "0.1.0"

#endif
