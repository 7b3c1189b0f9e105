// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0
//
// What the kernels share: records of pointers, and the vector operations that Swift has no fast form
// of. Every function is inlined and follows the instruction set of the target that includes it; each
// does one IEEE operation, so nothing here can be contracted.

#pragma once

#include <stdint.h>

typedef double Lanes __attribute__((ext_vector_type(8)));
typedef double LanesInMemory __attribute__((ext_vector_type(8), aligned(8)));
typedef int64_t WholeLanes __attribute__((ext_vector_type(8)));
typedef int64_t WholeLanesInMemory __attribute__((ext_vector_type(8), aligned(8)));
typedef _Bool LaneBits __attribute__((ext_vector_type(8)));

#define LANE_OPERATION static inline __attribute__((always_inline))

LANE_OPERATION Lanes lanesLoad(const double *place) { return *(const LanesInMemory *)place; }

LANE_OPERATION void lanesStore(Lanes lanes, double *place) { *(LanesInMemory *)place = lanes; }

LANE_OPERATION WholeLanes wholeLanesLoad(const int64_t *place) {
  return *(const WholeLanesInMemory *)place;
}

LANE_OPERATION void wholeLanesStore(WholeLanes lanes, int64_t *place) {
  *(WholeLanesInMemory *)place = lanes;
}

/// A bit for each lane in which a < b.
LANE_OPERATION uint8_t lanesBelow(Lanes a, Lanes b) {
  return __builtin_bit_cast(uint8_t, __builtin_convertvector(a < b, LaneBits));
}

/// A bit for each lane in which a >= b does not hold, as where one of them is not a number.
LANE_OPERATION uint8_t lanesNotAtLeast(Lanes a, Lanes b) {
  return (uint8_t)~__builtin_bit_cast(uint8_t, __builtin_convertvector(a >= b, LaneBits));
}

/// All bits of a lane set where the mask has its bit.
LANE_OPERATION WholeLanes wholeLanesMask(uint8_t bits) {
  return -__builtin_convertvector(__builtin_bit_cast(LaneBits, bits), WholeLanes);
}

/// a where a < b, else b, so one that is not a number stays when it comes second.
LANE_OPERATION Lanes lanesLeast(Lanes a, Lanes b) { return a < b ? a : b; }

LANE_OPERATION Lanes lanesMagnitude(Lanes a) { return __builtin_elementwise_abs(a); }

LANE_OPERATION WholeLanes lanesBits(Lanes a) { return __builtin_bit_cast(WholeLanes, a); }

/// Asks for the cache line of a place that is read soon.
LANE_OPERATION void prefetchLine(const void *place) { __builtin_prefetch(place, 0, 3); }

/// The level of vector instructions that this CPU and its system have: 1 (base), 3 or 4.
LANE_OPERATION int32_t vectorLevelOfCPU(void) {
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (__builtin_cpu_supports("x86-64-v4")) return 4;
  if (__builtin_cpu_supports("x86-64-v3")) return 3;
#endif
  return 1;
}

/// A compiled book as the kernels read it; one account is terms of one line and rows of tiers.
typedef struct {
  /// Terms of each account, and the end of the last one.
  const int32_t *firstTerm;
  /// Health per unit of the price, and 32 times the index of the asset.
  const double *slope;
  const int32_t *offset;
  /// What no price moves, and the sum of the magnitudes that were added for it.
  const double *constant;
  const double *magnitude;
  /// Rows with a margin table of each account, their lines and 32 times their asset.
  const int32_t *firstTiered;
  const int32_t *firstLine;
  const int32_t *tieredOffset;
  const double *lineSlope;
  /// Constants of a row's lines stand together at this place; rows of one table share them.
  const int32_t *firstConstant;
  const double *lineConstant;
} CompiledAccounts;

/// A chunk of accounts over a range of prices: rows that stay in one tier have become terms.
typedef struct {
  int32_t count;
  int32_t *firstTerm;
  double *slope;
  int32_t *offset;
  double *constant;
  /// How far a sum may lie from the exact health.
  double *bound;
  /// Rows that change their tier, with the lines that matter.
  int32_t *firstBend;
  int32_t *firstLine;
  int32_t *bendOffset;
  double *lineSlope;
  double *lineConstant;
} FoldedAccounts;

/// Lanes of one account: surely below 0, and too near to 0 to say.
typedef struct {
  int32_t account;
  uint32_t below;
  uint32_t near;
} LaneHit;

/// What settling needs of every row: size, and the place of its sums.
typedef struct {
  /// Rows of each account, and the end of the last one.
  const int32_t *firstRow;
  const double *quantity;
  /// Place of the sums of the row's venue and asset; 32 times the asset of a place.
  const int32_t *slot;
  const int32_t *slotOffset;
  /// Place of the sums of the account's venue.
  const int32_t *venueSlot;
  /// Equity that no price moves.
  const double *equity;
} SettledRows;
