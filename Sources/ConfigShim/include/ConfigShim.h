// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// What a node of a document is.
typedef enum config_kind {
  config_kind_table = 0,
  config_kind_array = 1,
  config_kind_string = 2,
  config_kind_integer = 3,
  config_kind_number = 4,
  config_kind_boolean = 5,
  config_kind_date = 6,
} config_kind;

/// One node. The texts belong to the document and are not terminated by a zero.
typedef struct config_node {
  config_kind kind;
  /// Place of the value, or of its key where the parser keeps no place; from 1, 0 if not known.
  uint32_t line, column;
  /// Key in the table around it; length 0 in arrays and at the root.
  const char *key;
  size_t key_length;
  /// Children of tables and arrays, in the order of the source: nodes first_child and following.
  size_t first_child, child_count;
  const char *text;
  size_t text_length;
  int64_t integer;
  double number;
  bool boolean;
} config_node;

/// Where and why a text is no document.
typedef struct config_error {
  uint32_t line, column;
  /// UTF-8, terminated by a zero; cut where it is too long.
  char message[512];
} config_error;

typedef struct config_document config_document;

/// Parses TOML. On failure returns NULL and fills the error.
config_document *config_parse(const char *text, size_t length, config_error *error);
/// All nodes of a document; the first is the root table.
const config_node *config_nodes(const config_document *document);
/// The number of nodes, at least 1.
size_t config_node_count(const config_document *document);
/// Frees a document; NULL is allowed.
void config_free(config_document *document);
/// The version of the parser.
const char *config_library_version(void);

#ifdef __cplusplus
}
#endif
