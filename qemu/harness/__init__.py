# SPDX-License-Identifier: GPL-2.0-or-later
"""What runs real kernels in QEMU and judges what they leave; see qemu/README.md."""
