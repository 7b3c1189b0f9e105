// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

// All of it is in the header; a target needs one file to compile.
#include "CSIMD.h"
