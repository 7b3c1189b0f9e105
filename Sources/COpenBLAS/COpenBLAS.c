// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

#include "COpenBLAS.h"

#include <cblas.h>
#include <dlfcn.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// The types are those of the header; LAPACK is in Fortran's convention, a text's length comes last.
static struct {
  __typeof__(&openblas_set_num_threads) set_threads;
  __typeof__(&openblas_get_config) config;
  __typeof__(&openblas_get_corename) core;
  __typeof__(&cblas_ddot) ddot;
  __typeof__(&cblas_dgemm) dgemm;
  __typeof__(&cblas_dsyrk) dsyrk;
  __typeof__(&cblas_dtrmm) dtrmm;
  void (*dpotrf)(const char *uplo, const int *n, double *a, const int *lda, int *info, size_t);
} api;

static bool is_loaded;
// Threads may ask for the library at once.
static pthread_mutex_t loading = PTHREAD_MUTEX_INITIALIZER;

void copenblas_use_one_thread(void) { setenv("OPENBLAS_NUM_THREADS", "1", 1); }

// The reason where the library cannot be had.
static const char *load(void) {
  void *handle = dlopen("libopenblas.so.0", RTLD_NOW | RTLD_LOCAL);
  if (!handle) {
    static char message[512];
    const char *reason = dlerror();
    snprintf(
      message, sizeof message, "%s; 'apt-get install libopenblas0' brings it",
      reason ? reason : "unknown error");
    return message;
  }
  const struct {
    const char *name;
    void *place;
  } calls[] = {
    {"openblas_set_num_threads", &api.set_threads},
    {"openblas_get_config", &api.config},
    {"openblas_get_corename", &api.core},
    {"cblas_ddot", &api.ddot},
    {"cblas_dgemm", &api.dgemm},
    {"cblas_dsyrk", &api.dsyrk},
    {"cblas_dtrmm", &api.dtrmm},
    {"dpotrf_", &api.dpotrf},
  };
  for (size_t index = 0; index < sizeof calls / sizeof *calls; index++) {
    void *found = dlsym(handle, calls[index].name);
    if (!found) return "the library that was found lacks routines of CBLAS or LAPACK";
    memcpy(calls[index].place, &found, sizeof found);
  }
  api.set_threads(1);
  return NULL;
}

const char *copenblas_load(void) {
  pthread_mutex_lock(&loading);
  const char *reason = is_loaded ? NULL : load();
  if (!reason) is_loaded = true;
  pthread_mutex_unlock(&loading);
  return reason;
}

const char *copenblas_config(void) { return api.config(); }

const char *copenblas_core(void) { return api.core(); }

double copenblas_dot(int32_t count, const double *x, const double *y) {
  return api.ddot(count, x, 1, y, 1);
}

void copenblas_product(
  int32_t m, int32_t n, int32_t k, const double *a, const double *b, double *c) {
  api.dgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, m, n, k, 1, a, k, b, n, 0, c, n);
}

void copenblas_gram(int32_t n, int32_t k, const double *a, double *c) {
  api.dsyrk(CblasRowMajor, CblasLower, CblasNoTrans, n, k, 1, a, k, 0, c, n);
}

void copenblas_multiply_lower(int32_t n, int32_t width, const double *l, double *x) {
  api.dtrmm(
    CblasRowMajor, CblasLeft, CblasLower, CblasNoTrans, CblasNonUnit, n, width, 1, l, n, x, width);
}

int32_t copenblas_cholesky(int32_t n, double *a) {
  int status = 0;
  // Fortran counts by columns: its upper triangle is the lower one of rows.
  api.dpotrf("U", &n, a, &n, &status, 1);
  return status;
}
