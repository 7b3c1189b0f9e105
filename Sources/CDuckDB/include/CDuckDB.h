// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

// The few calls of DuckDB's C API that are used, found in a shared library at run time.
// DuckDB is no part of the build: without the library every call here but the first is unused.

#ifndef BREAKWATER_CDUCKDB_H
#define BREAKWATER_CDUCKDB_H

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// Loads a library that exports DuckDB's C API; a helper library, if any, is loaded first and its
/// symbols are made global (the extension module of Python needs those of libpython).
/// Returns NULL, or a message that the caller frees. Once loaded, further calls do nothing.
char *cduckdb_load(const char *library, const char *helper);

/// The version of the library that was loaded; NULL before that.
const char *cduckdb_version(void);

/// A database in memory with one connection.
typedef struct cduckdb_session cduckdb_session;

/// Opens a session; NULL when that failed.
cduckdb_session *cduckdb_open(void);
void cduckdb_close(cduckdb_session *session);

/// The rows of a statement, in chunks.
typedef struct cduckdb_rows cduckdb_rows;

/// Runs a statement. On failure `rows` is NULL and the result a message that the caller frees.
char *cduckdb_query(cduckdb_session *session, const char *sql, cduckdb_rows **rows);
void cduckdb_free(cduckdb_rows *rows);

uint64_t cduckdb_column_count(cduckdb_rows *rows);
/// The name of a column, valid as long as the rows.
const char *cduckdb_column_name(cduckdb_rows *rows, uint64_t column);

/// Goes to the next chunk: 1 when there is one, 0 at the end, -1 on failure, which `message` tells
/// (the caller frees it).
int cduckdb_next(cduckdb_rows *rows, char **message);
/// Rows of the chunk.
uint64_t cduckdb_row_count(cduckdb_rows *rows);
/// The values of a column of the chunk, valid until the next one.
const void *cduckdb_values(cduckdb_rows *rows, uint64_t column);
/// One bit for each row of the chunk, 1 for a value and 0 for none; NULL when all have values.
const uint64_t *cduckdb_validity(cduckdb_rows *rows, uint64_t column);

/// Some rows that stay when the next ones are fetched.
typedef struct cduckdb_chunk cduckdb_chunk;

/// Takes the next chunk; NULL at the end and on failure, which `message` tells (the caller frees
/// it).
cduckdb_chunk *cduckdb_take(cduckdb_rows *rows, char **message);
void cduckdb_chunk_free(cduckdb_chunk *chunk);
/// The same as of rows.
uint64_t cduckdb_chunk_size(cduckdb_chunk *chunk);
const void *cduckdb_chunk_values(cduckdb_chunk *chunk, uint64_t column);
const uint64_t *cduckdb_chunk_validity(cduckdb_chunk *chunk, uint64_t column);

/// DuckDB's text: up to 12 bytes in place, longer ones elsewhere.
typedef union {
  struct {
    uint32_t length;
    char bytes[12];
  } inlined;
  struct {
    uint32_t length;
    char prefix[4];
    const char *bytes;
  } elsewhere;
} cduckdb_text;

static inline uint32_t cduckdb_text_length(const cduckdb_text *text) {
  return text->inlined.length;
}

/// The bytes of a text.
static inline const char *cduckdb_text_bytes(const cduckdb_text *text) {
  return text->inlined.length <= 12 ? text->inlined.bytes : text->elsewhere.bytes;
}

#ifdef __cplusplus
}
#endif

#endif
