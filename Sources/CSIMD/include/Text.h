// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0
//
// Fields of text in vectors: decimal numbers eight rows at a time, and words that follow each other in
// a row looked up as one phrase. No result depends on the instruction set: what a vector cannot take is
// said, and the caller reads it field by field.

#pragma once

#include "CSIMD.h"

// Everything is inlined, so no vector is ever passed.
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wpsabi"

typedef uint8_t FieldBytes __attribute__((ext_vector_type(16)));
typedef uint8_t FieldInMemory __attribute__((ext_vector_type(16), aligned(1)));
typedef int32_t FieldSums __attribute__((ext_vector_type(4)));

/// Digits of the longest field that `decimalsRead` takes: every whole number of them is exact.
enum { DECIMAL_DIGITS = 15 };

/// The last n bytes of 16, for n from 0 to 31: 16 bytes from place n on.
LANE_OPERATION FieldBytes fieldTail(uint32_t count) {
  static const uint8_t tails[48] = {
      [16] = 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
      255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
  };
  return *(const FieldInMemory *)(tails + (count & 31));
}

/// The place of a field of a row among the ends.
LANE_OPERATION const uint32_t *fieldEnds(const TextColumn *column, int64_t row) {
  return column->starts + row * column->width + column->field;
}

#if defined(__AVX512BW__)
typedef WholeLanes DecimalLanes;
#else
typedef struct {
  int64_t lane[8];
} DecimalLanes;
#endif

/// What a block of eight fields turned out to be.
typedef struct {
  /// The digits as whole numbers, and how many of them stand behind the point, 16 without one.
  DecimalLanes digits;
  DecimalLanes places;
  /// Bits of the rows: a minus comes first, there is no digit.
  uint32_t negative;
  uint32_t bare;
  /// Anything that a vector cannot take.
  uint64_t odd;
} DecimalBlock;

/// A field without its sign, at the end of 16 bytes with zeros before them.
LANE_OPERATION FieldBytes decimalBytes(
    const TextColumn *column, const uint32_t *ends, int lane, DecimalBlock *block) {
  ends += lane * column->width;
  uint32_t start = ends[0] + 1, end = ends[1] - (uint32_t)column->returns;
  uint32_t sign = column->text[start] == '-' && start < end;
  uint32_t length = end - start - sign;
  block->negative |= sign << lane;
  block->odd |= length & ~(uint32_t)DECIMAL_DIGITS;
  return *(const FieldInMemory *)(column->text + end - 16) & fieldTail(length);
}

/// Rows whose field is empty, of those without a digit.
LANE_OPERATION uint32_t emptyFields(const TextColumn *column, const uint32_t *ends, uint32_t bare) {
  uint32_t empty = 0;
  for (int lane = 0; lane < 8; lane++) {
    const uint32_t *own = ends + lane * column->width;
    empty |= (uint32_t)(own[0] + 1 + (uint32_t)column->returns == own[1]) << lane;
  }
  return empty & bare;
}

#if defined(__AVX512BW__)

enum { DECIMAL_ROWS = 8 };

typedef uint16_t Digits4 __attribute__((ext_vector_type(4)));
typedef uint16_t Digits8 __attribute__((ext_vector_type(8)));
typedef char SignedBytes64 __attribute__((__vector_size__(64)));
typedef short Shorts32 __attribute__((__vector_size__(64)));
typedef int Ints16 __attribute__((__vector_size__(64)));
typedef long long Longs8 __attribute__((__vector_size__(64)));
typedef double Doubles8 __attribute__((__vector_size__(64)));

/// Four fields in one vector: sums of four digits each, and bits by byte for where a point stands.
LANE_OPERATION Ints16 decimalQuarter(
    const TextColumn *column, const uint32_t *ends, int first, DecimalBlock *block,
    uint64_t *points, uint64_t *filled) {
  const uint64_t below = 0x7fff7fff7fff7fff;
  FieldBytes a = decimalBytes(column, ends, first, block);
  FieldBytes b = decimalBytes(column, ends, first + 2, block);
  FieldBytes c = decimalBytes(column, ends, first + 4, block);
  FieldBytes d = decimalBytes(column, ends, first + 6, block);
  ByteLanes bytes = __builtin_shufflevector(
      __builtin_shufflevector(a, b, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19,
                              20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31),
      __builtin_shufflevector(c, d, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19,
                              20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31),
      0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27,
      28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51, 52,
      53, 54, 55, 56, 57, 58, 59, 60, 61, 62, 63);
  ByteLanes value = __builtin_elementwise_sub_sat(bytes, (ByteLanes)'0');
  uint64_t point = __builtin_bit_cast(uint64_t, __builtin_convertvector(bytes == '.', ByteBits));
  uint64_t low = __builtin_bit_cast(uint64_t, __builtin_convertvector(bytes - 1 < 0x2f, ByteBits));
  uint64_t high = __builtin_bit_cast(uint64_t, __builtin_convertvector(value > 9, ByteBits));
  uint64_t some = __builtin_bit_cast(uint64_t, __builtin_convertvector(bytes != 0, ByteBits));
  // By lane of 16 bits: 1 where there is a point, then all bits below the last point.
  uint64_t has = ((((point & below) + below) | point) & ~below) >> 15;
  uint64_t before = point - has;
  block->odd |= (low ^ point) | high | (point & before);
  *points = point;
  uint64_t digits = some & ~point;
  *filled = (((digits & below) + below) | digits) & ~below;
  // What stands before the point moves into its place.
  Longs8 moved = (Longs8)__builtin_ia32_pslldqi512_byteshift((Longs8)value, 1);
  SignedBytes64 joined = __builtin_ia32_selectb_512(
      point | before, (SignedBytes64)moved, (SignedBytes64)value);
  const SignedBytes64 tens = {
      10, 1, 10, 1, 10, 1, 10, 1, 10, 1, 10, 1, 10, 1, 10, 1, 10, 1, 10, 1, 10, 1, 10, 1, 10, 1, 10, 1,
      10, 1, 10, 1, 10, 1, 10, 1, 10, 1, 10, 1, 10, 1, 10, 1, 10, 1, 10, 1, 10, 1, 10, 1, 10, 1, 10, 1,
      10, 1, 10, 1, 10, 1, 10, 1};
  const Shorts32 hundreds = {100, 1, 100, 1, 100, 1, 100, 1, 100, 1, 100, 1, 100, 1, 100, 1,
                             100, 1, 100, 1, 100, 1, 100, 1, 100, 1, 100, 1, 100, 1, 100, 1};
  Shorts32 pairs = (Shorts32)__builtin_ia32_pmaddubsw512(joined, tens);
  return (Ints16)__builtin_ia32_pmaddwd512(pairs, hundreds);
}

/// Reads eight fields of digits with a point or without.
LANE_OPERATION DecimalBlock decimalBlock(const TextColumn *column, const uint32_t *ends) {
  DecimalBlock block = {0};
  uint64_t evenPoints, oddPoints, evenFilled, oddFilled;
  Ints16 even = decimalQuarter(column, ends, 0, &block, &evenPoints, &evenFilled);
  Ints16 odd = decimalQuarter(column, ends, 1, &block, &oddPoints, &oddFilled);
  const Shorts32 thousands = {10000, 1, 10000, 1, 10000, 1, 10000, 1, 10000, 1, 10000, 1, 10000, 1, 10000, 1,
                              10000, 1, 10000, 1, 10000, 1, 10000, 1, 10000, 1, 10000, 1, 10000, 1, 10000, 1};
  Shorts32 fours = (Shorts32)__builtin_ia32_packusdw512(even, odd);
  WholeLanes eights = (WholeLanes)__builtin_ia32_pmaddwd512(fours, thousands);
  block.digits = (eights & 0xffffffff) * 100000000 + (WholeLanes)((uint64_t __attribute__((ext_vector_type(8))))eights >> 32);
  Digits8 points = __builtin_shufflevector(
      __builtin_bit_cast(Digits4, evenPoints), __builtin_bit_cast(Digits4, oddPoints), 0, 4, 1, 5, 2, 6, 3, 7);
  WholeLanes marks = __builtin_convertvector(points, WholeLanes);
  // 16 where there is no point.
  block.places = (WholeLanes)__builtin_ia32_vplzcntq_512((Longs8)marks) - 48;
  const uint64_t all = 0x8000800080008000;
  if ((evenFilled & oddFilled) != all) {
    Digits8 filled = __builtin_shufflevector(
        __builtin_bit_cast(Digits4, evenFilled), __builtin_bit_cast(Digits4, oddFilled), 0, 4, 1, 5, 2, 6, 3, 7);
    WholeLanes none = __builtin_convertvector(filled, WholeLanes);
    block.bare = __builtin_bit_cast(uint8_t, __builtin_convertvector(none == 0, LaneBits));
  }
  return block;
}

/// Writes the values of a block, digits / 10^places rounded once.
LANE_OPERATION void decimalValuesStore(
    const DecimalBlock *block, double nothing, uint32_t empty, double *values) {
  const Doubles8 low = {1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7};
  const Doubles8 high = {1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15};
  Lanes scale = (Lanes)__builtin_ia32_vpermi2varpd512(low, (Longs8)block->places, high);
  Lanes found = __builtin_convertvector(block->digits, Lanes) / scale;
  WholeLanes sign = wholeLanesMask((uint8_t)block->negative) & INT64_MIN;
  found = __builtin_bit_cast(Lanes, __builtin_bit_cast(WholeLanes, found) ^ sign);
  lanesStore(wholeLanesMask((uint8_t)empty) ? (Lanes)nothing : found, values);
}

/// Writes the digits of a block; 0 where there is a point.
LANE_OPERATION int32_t decimalDigitsStore(const DecimalBlock *block, uint32_t empty, int64_t *values) {
  wholeLanesStore(wholeLanesMask((uint8_t)empty) ? (WholeLanes)-1 : block->digits, values);
  return __builtin_reduce_or((WholeLanes)(block->places != 16)) == 0;
}

#elif defined(__AVX2__)

enum { DECIMAL_ROWS = 8 };

typedef char SignedBytes16 __attribute__((__vector_size__(16)));
typedef short Shorts8 __attribute__((__vector_size__(16)));
typedef int Ints4 __attribute__((__vector_size__(16)));

/// One field: sums of four digits each.
LANE_OPERATION Ints4 decimalOne(
    const TextColumn *column, const uint32_t *ends, int lane, DecimalBlock *block, FieldBytes *strange) {
  FieldBytes bytes = decimalBytes(column, ends, lane, block);
  FieldBytes value = __builtin_elementwise_sub_sat(bytes, (FieldBytes)'0');
  FieldBytes isPoint = (FieldBytes)(bytes == '.');
  *strange |= ((FieldBytes)(bytes - 1 < 0x2f) ^ isPoint) | (FieldBytes)(value > 9);
  uint32_t point = (uint32_t)__builtin_ia32_pmovmskb128((SignedBytes16)isPoint);
  uint32_t places = (uint32_t)__builtin_clz(point << 1 | 1) - 15;
  block->odd |= point & (point - 1);
  block->places.lane[lane] = places;
  FieldBytes zero = 0;
  uint32_t some = (uint32_t)__builtin_ia32_pmovmskb128((SignedBytes16)(bytes != zero));
  block->bare |= (uint32_t)((some & ~point) == 0) << lane;
  // What stands before the point moves into its place.
  FieldBytes moved = __builtin_shufflevector(
      zero, value, 0, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30);
  FieldBytes kept = fieldTail(places);
  FieldBytes joined = (value & kept) | (moved & ~kept);
  const SignedBytes16 tens = {10, 1, 10, 1, 10, 1, 10, 1, 10, 1, 10, 1, 10, 1, 10, 1};
  const Shorts8 hundreds = {100, 1, 100, 1, 100, 1, 100, 1};
  Shorts8 pairs = (Shorts8)__builtin_ia32_pmaddubsw128((SignedBytes16)joined, tens);
  return (Ints4)__builtin_ia32_pmaddwd128(pairs, hundreds);
}

/// Reads eight fields of digits with a point or without.
LANE_OPERATION DecimalBlock decimalBlock(const TextColumn *column, const uint32_t *ends) {
  DecimalBlock block = {0};
  FieldBytes strange = 0;
  const Shorts8 thousands = {10000, 1, 10000, 1, 10000, 1, 10000, 1};
  for (int lane = 0; lane < 8; lane += 2) {
    Ints4 a = decimalOne(column, ends, lane, &block, &strange);
    Ints4 b = decimalOne(column, ends, lane + 1, &block, &strange);
    Shorts8 fours = (Shorts8)__builtin_ia32_packusdw128(a, b);
    FieldSums eights = (FieldSums)__builtin_ia32_pmaddwd128(fours, thousands);
    block.digits.lane[lane] = (int64_t)eights[0] * 100000000 + eights[1];
    block.digits.lane[lane + 1] = (int64_t)eights[2] * 100000000 + eights[3];
  }
  block.odd |= (uint32_t)__builtin_ia32_pmovmskb128((SignedBytes16)strange);
  return block;
}

/// Writes the values of a block, digits / 10^places rounded once.
LANE_OPERATION void decimalValuesStore(
    const DecimalBlock *block, double nothing, uint32_t empty, double *values) {
  static const double powers[17] = {1e0, 1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7, 1e8,
                                    1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1};
  for (int lane = 0; lane < 8; lane++) {
    double value = (double)block->digits.lane[lane] / powers[block->places.lane[lane]];
    int64_t sign = (int64_t)(block->negative >> lane & 1) << 63;
    value = __builtin_bit_cast(double, __builtin_bit_cast(int64_t, value) ^ sign);
    values[lane] = empty >> lane & 1 ? nothing : value;
  }
}

/// Writes the digits of a block; 0 where there is a point.
LANE_OPERATION int32_t decimalDigitsStore(const DecimalBlock *block, uint32_t empty, int64_t *values) {
  int64_t points = 0;
  for (int lane = 0; lane < 8; lane++) {
    points |= block->places.lane[lane] ^ 16;
    values[lane] = empty >> lane & 1 ? -1 : block->digits.lane[lane];
  }
  return points == 0;
}

#else

enum { DECIMAL_ROWS = 0 };

LANE_OPERATION DecimalBlock decimalBlock(const TextColumn *column, const uint32_t *ends) {
  (void)column, (void)ends;
  DecimalBlock block = {0};
  block.odd = 1;
  return block;
}

LANE_OPERATION void decimalValuesStore(
    const DecimalBlock *block, double nothing, uint32_t empty, double *values) {
  (void)block, (void)nothing, (void)empty, (void)values;
}

LANE_OPERATION int32_t decimalDigitsStore(const DecimalBlock *block, uint32_t empty, int64_t *values) {
  (void)block, (void)empty, (void)values;
  return 0;
}

#endif

/// Reads numbers of up to 15 digits of eight rows; the first field ends at byte 16 or later.
///
/// Returns 0 where any has another form; nothing written is of use then.
LANE_OPERATION int32_t decimalsRead(
    const TextColumn *column, int64_t row, double nothing, double *values) {
  const uint32_t *ends = fieldEnds(column, row);
  DecimalBlock block = decimalBlock(column, ends);
  if (block.odd) return 0;
  uint32_t empty = block.bare ? emptyFields(column, ends, block.bare) : 0;
  if (empty != block.bare) return 0;
  decimalValuesStore(&block, nothing, empty, values);
  return 1;
}

/// Reads whole numbers of up to 15 digits as `decimalsRead` does, -1 for none.
LANE_OPERATION int32_t wholesRead(const TextColumn *column, int64_t row, int64_t *values) {
  const uint32_t *ends = fieldEnds(column, row);
  DecimalBlock block = decimalBlock(column, ends);
  if (block.odd | block.negative) return 0;
  uint32_t empty = block.bare ? emptyFields(column, ends, block.bare) : 0;
  return empty == block.bare && decimalDigitsStore(&block, empty, values);
}

typedef uint8_t PhraseBytes __attribute__((ext_vector_type(32)));
typedef uint8_t PhraseInMemory __attribute__((ext_vector_type(32), aligned(1)));
typedef uint64_t PhraseWords __attribute__((ext_vector_type(4)));

/// Bytes of the longest phrase.
enum { PHRASE_BYTES = 31 };

/// The bytes of some fields of a row that follow each other, commas and all: up to 31, zeros, and a 1 that
/// no free entry has. `values` is what its words mean.
typedef struct {
  uint64_t key[4];
  int32_t values[8];
} PhraseEntry;

/// Bytes of a phrase from its text, of which 32 bytes can be read.
LANE_OPERATION PhraseWords phraseKey(const uint8_t *text, uint32_t count) {
  static const uint8_t heads[64] = {
      255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
      255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
  };
  PhraseBytes bytes = *(const PhraseInMemory *)text;
  bytes &= *(const PhraseInMemory *)(heads + (32 - (count & 31)));
  const PhraseWords mark = {0, 0, 0, 1ull << 63};
  return __builtin_bit_cast(PhraseWords, bytes) | mark;
}

/// Where the search for a phrase begins.
LANE_OPERATION int64_t phrasePlace(PhraseWords key) {
  uint64_t word = (key[0] ^ key[2]) ^ (key[1] ^ key[3]) * 31;
  return (int64_t)(word * 0x9e3779b97f4a7c15 >> 40);
}

LANE_OPERATION int32_t phraseIs(const PhraseEntry *entry, PhraseWords key) {
  typedef uint64_t InMemory __attribute__((ext_vector_type(4), aligned(8)));
  return __builtin_reduce_or(*(const InMemory *)entry->key ^ key) == 0;
}

/// The place of the phrase of a row among `mask + 1` entries, where each has two; -1 where it is at none.
///
/// * `more`: fields of the phrase after that of the column.
LANE_OPERATION int32_t phraseFind(
    const TextColumn *column, int64_t more, int64_t row, const PhraseEntry *entries, int64_t mask) {
  const uint32_t *ends = fieldEnds(column, row);
  uint32_t start = ends[0] + 1, count = ends[more + 1] - (uint32_t)column->returns - start;
  PhraseWords key = phraseKey(column->text + start, count);
  int64_t place = phrasePlace(key) & mask;
  if (count > PHRASE_BYTES) return -1;
  if (phraseIs(entries + place, key)) return (int32_t)place;
  place ^= 1;
  return phraseIs(entries + place, key) ? (int32_t)place : -1;
}

/// Makes an entry for a phrase that is not there; -1 where it is too long or finds no room.
LANE_OPERATION int32_t phraseLearn(
    const TextColumn *column, int64_t more, int64_t row, PhraseEntry *entries, int64_t mask) {
  const uint32_t *ends = fieldEnds(column, row);
  uint32_t start = ends[0] + 1, count = ends[more + 1] - (uint32_t)column->returns - start;
  if (count > PHRASE_BYTES) return -1;
  PhraseWords key = phraseKey(column->text + start, count);
  int64_t place = phrasePlace(key) & mask;
  if (entries[place].key[3]) place ^= 1;
  if (entries[place].key[3]) return -1;
  for (int word = 0; word < 4; word++) entries[place].key[word] = key[word];
  return (int32_t)place;
}

#pragma clang diagnostic pop
