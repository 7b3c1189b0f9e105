// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

#define _GNU_SOURCE
#include "CDuckDB.h"

#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>

/// The layout of DuckDB's result, whose members are its own business; it is passed by value.
typedef struct {
  uint64_t members[3];
  void *columns;
  char *message;
  void *data;
} result_t;

/// The calls, named and typed as DuckDB's duckdb.h has them; states are 0 for success.
static struct {
  const char *(*library_version)(void);
  int (*open)(const char *, void **);
  void (*close)(void **);
  int (*connect)(void *, void **);
  void (*disconnect)(void **);
  int (*prepare)(void *, const char *, void **);
  const char *(*prepare_error)(void *);
  void (*destroy_prepare)(void **);
  int (*execute_prepared_streaming)(void *, result_t *);
  const char *(*result_error)(result_t *);
  void (*destroy_result)(result_t *);
  uint64_t (*column_count)(result_t *);
  const char *(*column_name)(result_t *, uint64_t);
  void *(*fetch_chunk)(result_t);
  void (*destroy_data_chunk)(void **);
  uint64_t (*data_chunk_get_size)(void *);
  void *(*data_chunk_get_vector)(void *, uint64_t);
  void *(*vector_get_data)(void *);
  uint64_t *(*vector_get_validity)(void *);
} api;

static bool is_loaded;

struct cduckdb_session {
  void *database;
  void *connection;
};

struct cduckdb_rows {
  void *statement;
  result_t result;
  void *chunk;
};

static char *copy(const char *message) {
  return strdup(message && *message ? message : "unknown error");
}

char *cduckdb_load(const char *library, const char *helper) {
  if (is_loaded) return NULL;
  if (helper && !dlopen(helper, RTLD_LAZY | RTLD_GLOBAL)) return copy(dlerror());
  void *handle = dlopen(library, RTLD_LAZY | RTLD_LOCAL);
  if (!handle) return copy(dlerror());
  const struct {
    const char *name;
    void *place;
  } calls[] = {
    {"duckdb_library_version", &api.library_version},
    {"duckdb_open", &api.open},
    {"duckdb_close", &api.close},
    {"duckdb_connect", &api.connect},
    {"duckdb_disconnect", &api.disconnect},
    {"duckdb_prepare", &api.prepare},
    {"duckdb_prepare_error", &api.prepare_error},
    {"duckdb_destroy_prepare", &api.destroy_prepare},
    {"duckdb_execute_prepared_streaming", &api.execute_prepared_streaming},
    {"duckdb_result_error", &api.result_error},
    {"duckdb_destroy_result", &api.destroy_result},
    {"duckdb_column_count", &api.column_count},
    {"duckdb_column_name", &api.column_name},
    {"duckdb_fetch_chunk", &api.fetch_chunk},
    {"duckdb_destroy_data_chunk", &api.destroy_data_chunk},
    {"duckdb_data_chunk_get_size", &api.data_chunk_get_size},
    {"duckdb_data_chunk_get_vector", &api.data_chunk_get_vector},
    {"duckdb_vector_get_data", &api.vector_get_data},
    {"duckdb_vector_get_validity", &api.vector_get_validity},
  };
  for (size_t index = 0; index < sizeof calls / sizeof *calls; index++) {
    void *found = dlsym(handle, calls[index].name);
    if (!found) {
      dlclose(handle);
      return copy("it does not export DuckDB's C API");
    }
    memcpy(calls[index].place, &found, sizeof found);
  }
  is_loaded = true;
  return NULL;
}

const char *cduckdb_version(void) { return is_loaded ? api.library_version() : NULL; }

cduckdb_session *cduckdb_open(void) {
  cduckdb_session *session = calloc(1, sizeof *session);
  if (!session) return NULL;
  if (api.open(NULL, &session->database) || api.connect(session->database, &session->connection)) {
    cduckdb_close(session);
    return NULL;
  }
  return session;
}

void cduckdb_close(cduckdb_session *session) {
  if (!session) return;
  if (session->connection) api.disconnect(&session->connection);
  if (session->database) api.close(&session->database);
  free(session);
}

char *cduckdb_query(cduckdb_session *session, const char *sql, cduckdb_rows **rows) {
  *rows = NULL;
  cduckdb_rows *made = calloc(1, sizeof *made);
  if (!made) return copy("out of memory");
  if (api.prepare(session->connection, sql, &made->statement)) {
    char *message = copy(made->statement ? api.prepare_error(made->statement) : NULL);
    cduckdb_free(made);
    return message;
  }
  if (api.execute_prepared_streaming(made->statement, &made->result)) {
    char *message = copy(api.result_error(&made->result));
    cduckdb_free(made);
    return message;
  }
  *rows = made;
  return NULL;
}

void cduckdb_free(cduckdb_rows *rows) {
  if (!rows) return;
  if (rows->chunk) api.destroy_data_chunk(&rows->chunk);
  api.destroy_result(&rows->result);
  if (rows->statement) api.destroy_prepare(&rows->statement);
  free(rows);
}

uint64_t cduckdb_column_count(cduckdb_rows *rows) { return api.column_count(&rows->result); }

const char *cduckdb_column_name(cduckdb_rows *rows, uint64_t column) {
  return api.column_name(&rows->result, column);
}

int cduckdb_next(cduckdb_rows *rows, char **message) {
  if (rows->chunk) api.destroy_data_chunk(&rows->chunk);
  rows->chunk = api.fetch_chunk(rows->result);
  if (rows->chunk && api.data_chunk_get_size(rows->chunk) > 0) return 1;
  const char *failure = api.result_error(&rows->result);
  if (!failure || !*failure) return 0;
  *message = copy(failure);
  return -1;
}

uint64_t cduckdb_row_count(cduckdb_rows *rows) { return api.data_chunk_get_size(rows->chunk); }

const void *cduckdb_values(cduckdb_rows *rows, uint64_t column) {
  return api.vector_get_data(api.data_chunk_get_vector(rows->chunk, column));
}

const uint64_t *cduckdb_validity(cduckdb_rows *rows, uint64_t column) {
  return api.vector_get_validity(api.data_chunk_get_vector(rows->chunk, column));
}

cduckdb_chunk *cduckdb_take(cduckdb_rows *rows, char **message) {
  void *chunk = api.fetch_chunk(rows->result);
  if (chunk && api.data_chunk_get_size(chunk) > 0) return chunk;
  if (chunk) api.destroy_data_chunk(&chunk);
  const char *failure = api.result_error(&rows->result);
  if (failure && *failure) *message = copy(failure);
  return NULL;
}

void cduckdb_chunk_free(cduckdb_chunk *chunk) {
  void *handle = chunk;
  if (handle) api.destroy_data_chunk(&handle);
}

uint64_t cduckdb_chunk_size(cduckdb_chunk *chunk) { return api.data_chunk_get_size(chunk); }

const void *cduckdb_chunk_values(cduckdb_chunk *chunk, uint64_t column) {
  return api.vector_get_data(api.data_chunk_get_vector(chunk, column));
}

const uint64_t *cduckdb_chunk_validity(cduckdb_chunk *chunk, uint64_t column) {
  return api.vector_get_validity(api.data_chunk_get_vector(chunk, column));
}
