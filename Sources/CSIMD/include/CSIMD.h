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

/// Stores pairs (a0, b0), (a1, b1), … one after the other.
LANE_OPERATION void wholeLanesStorePairs(WholeLanes a, WholeLanes b, void *place) {
  typedef int64_t Pairs __attribute__((ext_vector_type(16), aligned(8)));
  *(Pairs *)place =
      __builtin_shufflevector(a, b, 0, 8, 1, 9, 2, 10, 3, 11, 4, 12, 5, 13, 6, 14, 7, 15);
}

/// Squares of whole numbers from 0 to 2³² − 1.
LANE_OPERATION WholeLanes wholeLanesSquare(WholeLanes a) {
  WholeLanes low = a & 0xffffffff;
  return low * low;
}

/// Adds a rung (size, square) to four sums that follow each other: total, squares, largest, positions.
///
/// Numbers from 0 on are in the order of the doubles with their bits, for which every CPU has a maximum.
LANE_OPERATION void rungAdd(const void *rung, void *sums) {
  typedef int64_t Pair __attribute__((ext_vector_type(2)));
  typedef int64_t PairInMemory __attribute__((ext_vector_type(2), aligned(8)));
  typedef double Doubles __attribute__((ext_vector_type(2)));
  Pair added = *(const PairInMemory *)rung;
  PairInMemory *place = (PairInMemory *)sums;
  Pair size = {added[0], 0}, one = {0, 1};
  Doubles kept = __builtin_bit_cast(Doubles, (Pair)place[1]), own = __builtin_bit_cast(Doubles, size);
  place[0] += added;
  place[1] = __builtin_bit_cast(Pair, own > kept ? own : kept) + one;
}

/// A bit for each lane in which a < b.
LANE_OPERATION uint8_t lanesBelow(Lanes a, Lanes b) {
  return __builtin_bit_cast(uint8_t, __builtin_convertvector(a < b, LaneBits));
}

/// A bit for each lane in which a >= b does not hold, as where one of them is not a number.
LANE_OPERATION uint8_t lanesNotAtLeast(Lanes a, Lanes b) {
  return (uint8_t)~__builtin_bit_cast(uint8_t, __builtin_convertvector(a >= b, LaneBits));
}

/// All bits of a lane set where a < b.
LANE_OPERATION WholeLanes lanesLess(Lanes a, Lanes b) { return a < b; }

/// All bits of a lane set where a >= b.
LANE_OPERATION WholeLanes lanesReach(Lanes a, Lanes b) { return a >= b; }

/// a where a lane's bits are set, else b.
LANE_OPERATION Lanes lanesChosen(WholeLanes where, Lanes a, Lanes b) { return where ? a : b; }

/// Whether a < b in every lane.
LANE_OPERATION _Bool lanesAllBelow(Lanes a, Lanes b) { return __builtin_reduce_and(a < b) != 0; }

/// All bits of a lane set where the mask has its bit.
LANE_OPERATION WholeLanes wholeLanesMask(uint8_t bits) {
  return -__builtin_convertvector(__builtin_bit_cast(LaneBits, bits), WholeLanes);
}

/// a where a < b, else b, so one that is not a number stays when it comes second.
LANE_OPERATION Lanes lanesLeast(Lanes a, Lanes b) { return a < b ? a : b; }

/// a where a > b, else b.
LANE_OPERATION Lanes lanesLarger(Lanes a, Lanes b) { return a > b ? a : b; }

LANE_OPERATION Lanes lanesMagnitude(Lanes a) { return __builtin_elementwise_abs(a); }

LANE_OPERATION WholeLanes lanesBits(Lanes a) { return __builtin_bit_cast(WholeLanes, a); }

LANE_OPERATION Lanes lanesMost(Lanes a, Lanes b) { return __builtin_elementwise_max(a, b); }

LANE_OPERATION double lanesSum(Lanes a) {
  return ((a[0] + a[1]) + (a[2] + a[3])) + ((a[4] + a[5]) + (a[6] + a[7]));
}

LANE_OPERATION double lanesLowest(Lanes a) {
  double low = a[0];
  for (int lane = 1; lane < 8; lane++) low = a[lane] < low ? a[lane] : low;
  return low;
}

/// Stores past the caches; the place is a multiple of 64 bytes.
LANE_OPERATION void lanesStoreStreaming(Lanes lanes, double *place) {
  __builtin_nontemporal_store(lanes, (Lanes *)place);
}

/// Waits until streaming stores are seen by every thread.
LANE_OPERATION void storesFinish(void) { __atomic_thread_fence(__ATOMIC_SEQ_CST); }

/// Asks for a cache line that is read soon; no address is wrong.
LANE_OPERATION void prefetchLine(const void *place) { __builtin_prefetch(place, 0, 3); }

typedef uint8_t ByteLanes __attribute__((ext_vector_type(64)));
typedef uint8_t ByteLanesInMemory __attribute__((ext_vector_type(64), aligned(1)));
typedef _Bool ByteBits __attribute__((ext_vector_type(64)));

/// What is special among 64 bytes of a table: a bit for each comma or line feed, for each line feed, and
/// for each other byte that plain rows do not have (quotes, control characters, bytes beyond ASCII).
typedef struct {
  uint64_t ends;
  uint64_t feeds;
  uint64_t odd;
} ByteMarks;

LANE_OPERATION ByteMarks byteMarks(const uint8_t *place) {
  ByteLanes bytes = *(const ByteLanesInMemory *)place;
  ByteLanes feeds = (ByteLanes)(bytes == '\n');
  ByteLanes ends = (ByteLanes)(bytes == ',') | feeds;
  ByteLanes odd =
      (ByteLanes)(bytes == '"') | (ByteLanes)(bytes > 0x7f) | ((ByteLanes)(bytes < ' ') & ~feeds);
  ByteMarks marks;
  marks.ends = __builtin_bit_cast(uint64_t, __builtin_convertvector(ends, ByteBits));
  marks.feeds = __builtin_bit_cast(uint64_t, __builtin_convertvector(feeds, ByteBits));
  marks.odd = __builtin_bit_cast(uint64_t, __builtin_convertvector(odd, ByteBits));
  return marks;
}

/// Stores base + i for every bit i that is set, in order; up to 16 more numbers may be written.
LANE_OPERATION void endsStore(uint64_t bits, uint32_t base, uint32_t *place) {
#if defined(__AVX512F__)
  typedef int32_t Places __attribute__((ext_vector_type(16)));
  typedef int32_t PlacesInMemory __attribute__((ext_vector_type(16), aligned(4)));
  Places next = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
  next += (int32_t)base;
  for (int part = 0; part < 4; part++) {
    uint16_t mask = (uint16_t)(bits >> (16 * part));
    Places kept = (Places)__builtin_ia32_compresssi512_mask(
        (__attribute__((__vector_size__(64))) int)next, (__attribute__((__vector_size__(64))) int)next,
        mask);
    *(PlacesInMemory *)place = kept;
    place += __builtin_popcount(mask);
    next += 16;
  }
#else
  while (bits) {
    for (int offset = 0; offset < 6; offset++) {
      // Without the top bit this could look for a bit where there is none.
      place[offset] = base + (uint32_t)__builtin_ctzll(bits | 1ull << 63);
      bits &= bits - 1;
    }
    place += 6;
  }
#endif
}

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

/// Rows of one asset, one margin table and one side: what the isolated kernels share between rows.
///
/// Tables have 8 entries, the unused ones never chosen.
typedef struct {
  /// Tiers of the margin table, 1 to 8.
  int32_t tierCount;
  /// -1 for longs, +1 for shorts: what is compared with thresholds is side * constant.
  double side;
  /// Tier k holds surely from `surely[k]` on, and surely not below `maybe[k]`; the first has -infinity.
  const double *maybe;
  const double *surely;
  const double *deduction;
  const double *rate;
  /// Roots in this closed range are at risk.
  double lowest;
  double highest;
  /// Present price of the asset.
  double price;
  /// Sizes above this are closed in two parts, infinity where never; share of the first part.
  double partialAbove;
  double partialShare;
  /// Probability of every rung in 1/65,536 where rows have none of their own.
  int32_t weight;
} IsolatedGroup;

/// A price edge inside a cell of equal top bits, as its bits, and the bin below it.
///
/// Prices are above 0, so their bits are in the order of their values.
typedef struct {
  uint64_t edge;
  int64_t bin;
} BinCell;

/// Micro-USD of a rung, and the square of its whole USD.
typedef struct {
  int64_t size;
  int64_t square;
} RungSize;

/// Sums of one bin whose rungs all have the group's weight.
typedef struct {
  int64_t total;
  /// Sum of squares of whole USD.
  int64_t squares;
  int64_t largest;
  int64_t positions;
} EvenSums;

/// Sums of one bin whose rungs have weights of their own; 128-bit sums by halves.
typedef struct {
  int64_t total;
  int64_t largest;
  int64_t positions;
  int64_t unused;
  uint64_t weightedLow;
  uint64_t weightedHigh;
  uint64_t varianceLow;
  uint64_t varianceHigh;
} WeighedSums;

/// What is known of a block before anything of it is added.
typedef struct {
  /// Range of prices, and the largest size.
  double lowest;
  double highest;
  double most;
  double sizes;
  double squares;
  /// Second rungs, behind those of the rows.
  int64_t extra;
} BlockTotals;

/// Where prices find their bins, and the memory of one thread.
typedef struct {
  /// Cells by `price >> shift`, beginning with those of `lowestPrice`; behind those of the grid that of
  /// `noPrice`, whose bin nobody reads.
  const BinCell *cells;
  int64_t firstCell;
  int64_t shift;
  double lowestPrice;
  /// Prices at or above it have no bin.
  double highestPrice;
  /// The price of rungs without a size.
  double noPrice;
  /// One of the two, by bin.
  EvenSums *even;
  WeighedSums *weighed;
  /// Rungs of a block: 512 entries each.
  double *rungPrice;
  RungSize *rungSize;
  int32_t *rungBin;
  int32_t *rungWeight;
  /// Bits of the rows of a block, 32 bytes each: at risk, liquidatable, closed in parts.
  uint8_t *isAtRisk;
  uint8_t *isLiquidatable;
  uint8_t *isPartial;
  /// Rows that are closed in parts, 256 entries each: place, and the columns at it.
  int32_t *splitRow;
  double *splitQuantity;
  double *splitConstant;
  double *splitRoot;
  RungSize *splitSize;
  BlockTotals *totals;
  /// Rows of the last, partly filled block.
  double *tailQuantity;
  double *tailConstant;
} BinMemory;

/// Why a fused pass stopped.
enum { PASS_DONE = 0, PASS_BLOCK_IS_ODD = 1, PASS_SUMS_ARE_FULL = 2 };

/// How far a fused pass came; the caller keeps it from call to call.
typedef struct {
  /// The first row that is not in the sums.
  int64_t next;
  int32_t reason;
  int64_t atRisk;
  int64_t liquidatable;
  /// Range of the prices in the sums.
  double lowestPrice;
  double highestPrice;
  /// At least the sums of sizes and of squares since they were last emptied.
  double sizes;
  double squares;
} FusedPass;

/// One column of rows of text, as the kernels of columns read it.
typedef struct {
  const uint8_t *text;
  /// The end before each field, that of field 0 of row 0 first; it wraps around at −1.
  const uint32_t *starts;
  int64_t field;
  /// Fields of a row.
  int64_t width;
  /// Bytes of the line end that belong to no field: 1 for the last field of lines with a return.
  int64_t returns;
} TextColumn;

/// A word of up to 15 bytes, zeros after them, and its number; −1 for none.
typedef struct {
  uint64_t low;
  uint64_t high;
  int64_t index;
} WordEntry;
