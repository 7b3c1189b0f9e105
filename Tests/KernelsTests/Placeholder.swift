// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0
