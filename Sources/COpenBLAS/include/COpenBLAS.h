// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

// The few routines of OpenBLAS that are used, found in the shared library when the first is needed:
// loading it with its Fortran runtime takes three tenths of the time in which a command starts.

#ifndef BREAKWATER_COPENBLAS_H
#define BREAKWATER_COPENBLAS_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// Makes the library work on its caller's thread; to be called before there is another thread.
void copenblas_use_one_thread(void);

/// Loads the library; later calls do nothing. Not for two threads at once.
/// Returns NULL, or a message that lives for ever. No other function below may be called before.
const char *copenblas_load(void);

/// Version and build; name of the kernel chosen for this CPU.
const char *copenblas_config(void);
const char *copenblas_core(void);

/// x · y.
double copenblas_dot(int32_t count, const double *x, const double *y);

/// C = A · B by rows: A has m · k numbers, B k · n.
void copenblas_product(
  int32_t m, int32_t n, int32_t k, const double *a, const double *b, double *c);

/// The lower triangle of A · Aᵀ by rows: A has n · k numbers.
void copenblas_gram(int32_t n, int32_t k, const double *a, double *c);

/// X = L · X by rows: L is lower triangular, n · n, X has n rows of `width`.
void copenblas_multiply_lower(int32_t n, int32_t width, const double *l, double *x);

/// The Cholesky factor by rows in the lower triangle of a symmetric matrix, n · n.
/// Returns 0, or another number where the matrix is not positive definite.
int32_t copenblas_cholesky(int32_t n, double *a);

#ifdef __cplusplus
}
#endif

#endif
