// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import CommandLineKit
internal import BreakwaterCommands
internal import Glibc
internal import Numerics

CrashGuard.install()
LinearAlgebra.useOneThread()
exit(BreakwaterProgram.program.main())
