// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0
//
// The flat formula in plain C, as worker.py describes it: a process that reads task names and answers each
// with a line of JSON. cc -O3 -march=native -fopenmp -ffast-math -fno-finite-math-only flat.c -lm
//
//     flat FOLDER          threads from OMP_NUM_THREADS
//
// price: an ordinary loop; stream: the same with stores past the caches; fused: prices of 1,024 rows, their
// logarithms by a series that the compiler vectorises, and one table of sums for each thread.

#include <math.h>
#include <omp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ASSETS = 8, WIDTH = 4096, CHUNK = 1024, CELL = 4 };
typedef double Lanes __attribute__((vector_size(64)));

static double *load(const char *folder, const char *name, size_t *count) {
  char path[1024];
  snprintf(path, sizeof path, "%s/%s.npy", folder, name);
  FILE *file = fopen(path, "rb");
  unsigned char head[10];
  if (!file || fread(head, 1, 10, file) != 10) exit(66);
  long start = 10 + (head[8] | head[9] << 8);
  fseek(file, 0, SEEK_END);
  size_t bytes = (size_t)(ftell(file) - start);
  fseek(file, start, SEEK_SET);
  double *column = aligned_alloc(64, (bytes + 63) / 64 * 64);
  if (fread(column, 1, bytes, file) != bytes) exit(66);
  fclose(file);
  *count = bytes / 8;
  return column;
}

static double *entry, *size, *collateral, *rate, *deduction, *out, *spot, origin[ASSETS];
static uint8_t *asset;
static size_t rows;

static inline double priceOf(size_t i) {
  return (entry[i] - (collateral[i] + deduction[i]) / size[i]) / (1.0 - copysign(rate[i], size[i]));
}

static void price(void) {
#pragma omp parallel for schedule(static)
  for (size_t i = 0; i < rows; i++) out[i] = priceOf(i);
}

static void stream(void) {
#pragma omp parallel for schedule(static)
  for (size_t first = 0; first < rows / 8 * 8; first += 8) {
    Lanes found;
    for (int lane = 0; lane < 8; lane++) found[lane] = priceOf(first + lane);
#if defined(__clang__)
    __builtin_nontemporal_store(found, (Lanes *)(out + first));
#elif defined(__AVX512F__)
    typedef double Own __attribute__((vector_size(64)));
    __builtin_ia32_movntpd512(out + first, (Own)found);
#elif defined(__AVX__)
    typedef double Half __attribute__((vector_size(32)));
    Half halves[2];
    memcpy(halves, &found, 64);
    __builtin_ia32_movntpd256(out + first, halves[0]);
    __builtin_ia32_movntpd256(out + first + 4, halves[1]);
#else
    memcpy(out + first, &found, 64);
#endif
  }
  for (size_t i = rows / 8 * 8; i < rows; i++) out[i] = priceOf(i);
}

static void logarithms(double *values, size_t count, double factor) {
  for (size_t j = 0; j < count; j++) {
    double p = values[j], x = p > 0 ? p : 1.0, f;
    int64_t u;
    memcpy(&u, &x, 8);
    int64_t e = (u - 0x3fe6a09e667f3bcdLL) >> 52;
    u -= e << 52;
    memcpy(&f, &u, 8);
    double w = (f - 1) / (f + 1), s = w * w;
    double q = 1.0 / 19;
    q = q * s + 1.0 / 17;
    q = q * s + 1.0 / 15;
    q = q * s + 1.0 / 13;
    q = q * s + 1.0 / 11;
    q = q * s + 1.0 / 9;
    q = q * s + 1.0 / 7;
    q = q * s + 1.0 / 5;
    q = q * s + 1.0 / 3;
    q = q * s + 1.0;
    values[j] = (2 * w * q + (double)e * 0.6931471805599453) * factor;
  }
}

static double *tables[64];

static void fused(double *count, double *total) {
  const double inverse = 1 / log(1.005);
  const size_t cells = (size_t)ASSETS * 2 * WIDTH * CELL;
#pragma omp parallel
  {
    double *table = tables[omp_get_thread_num()];
    memset(table, 0, cells * 8);
    double prices[CHUNK], bins[CHUNK];
#pragma omp for schedule(static)
    for (size_t first = 0; first < rows; first += CHUNK) {
      size_t n = rows - first < CHUNK ? rows - first : CHUNK;
      for (size_t j = 0; j < n; j++) prices[j] = priceOf(first + j);
      memcpy(bins, prices, sizeof prices);
      logarithms(bins, n, inverse);
      for (size_t j = 0; j < n; j++) {
        size_t i = first + j;
        int a = asset[i];
        double p = prices[j], q = size[i];
        if (!(p > 0) || (q > 0 ? p > spot[a] : p < spot[a])) continue;
        long b = (long)floor(bins[j] - origin[a]);
        b = b < 0 ? 0 : b >= WIDTH ? WIDTH - 1 : b;
        double *cell = table + (((size_t)a * 2 + (q < 0)) * WIDTH + b) * CELL, v = fabs(q) * p;
        cell[0] += 1;
        cell[1] += v;
        cell[2] += v * v;
      }
    }
  }
  *count = *total = 0;
  for (int t = 0; t < omp_get_max_threads(); t++)
    for (size_t c = 0; c < cells; c += CELL) *count += tables[t][c], *total += tables[t][c + 1];
}

int main(int argc, char **argv) {
  if (argc < 2) return 64;
  size_t n;
  entry = load(argv[1], "entry", &rows);
  size = load(argv[1], "size", &n);
  collateral = load(argv[1], "collateral", &n);
  rate = load(argv[1], "rate", &n);
  deduction = load(argv[1], "deduction", &n);
  spot = load(argv[1], "price", &n);
  double *named = load(argv[1], "asset", &n);
  asset = malloc(rows);
  for (size_t i = 0; i < rows; i++) asset[i] = (uint8_t)named[i];
  free(named);
  for (int a = 0; a < ASSETS; a++) origin[a] = floor(log(spot[a]) / log(1.005)) - 3000;
  out = aligned_alloc(64, (rows * 8 + 63) / 64 * 64);
  memset(out, 0, rows * 8);
  for (int t = 0; t < omp_get_max_threads() && t < 64; t++)
    tables[t] = aligned_alloc(64, (size_t)ASSETS * 2 * WIDTH * CELL * 8);
  puts("{\"ready\": \"c\"}");
  fflush(stdout);
  char task[64];
  while (scanf("%63s", task) == 1) {
    double count = 0, total = 0, sum = 0, start = omp_get_wtime();
    if (!strcmp(task, "price")) price();
    if (!strcmp(task, "stream")) stream();
    if (!strcmp(task, "fused")) fused(&count, &total);
    double seconds = omp_get_wtime() - start;
    if (!strcmp(task, "check"))
      for (size_t i = 0; i < rows; i++) sum += out[i] > 0 ? out[i] : 0;
    printf("{\"seconds\": %.9f, \"at_risk\": %.0f, \"forced\": %.17g, \"prices\": %.17g}\n", seconds,
           count, total, sum);
    fflush(stdout);
  }
  return 0;
}
