// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

#include "ConfigShim.h"

#include <algorithm>
#include <cstring>
#include <stdexcept>
#include <string_view>
#include <vector>

// An assertion of the parser that does not hold refuses the text; it must not end the process, and
// must not become an assumption of the optimiser either (which NDEBUG would make of it).
#undef NDEBUG
#define GAVE_UP "found text that the parser gave up on, expected TOML"
#define TOML_ASSERT(expr) ((expr) ? static_cast<void>(0) : throw std::logic_error(GAVE_UP))
// Values inside values. With the bound on dotted keys that Configuration checks beforehand this
// keeps the parser's recursion, and that of its destructors, near a thousand levels.
#define TOML_MAX_NESTED_VALUES 32
#include <toml++/toml.h>

struct config_document {
  toml::table table;
  std::vector<config_node> nodes;
};

namespace {

struct child {
  const toml::node *node;
  const toml::key *key;
};

/// Fills the kind, the place and, of scalars, the value.
config_node described(const child &c) {
  config_node out{};
  auto place = c.node->source().begin;
  if (!place && c.key != nullptr) place = c.key->source().begin;
  out.line = place.line;
  out.column = place.column;
  if (c.key != nullptr) {
    out.key = c.key->str().data();
    out.key_length = c.key->str().size();
  }
  if (c.node->is_table()) {
    out.kind = config_kind_table;
  } else if (c.node->is_array()) {
    out.kind = config_kind_array;
  } else if (auto text = c.node->as_string()) {
    out.kind = config_kind_string;
    out.text = text->get().data();
    out.text_length = text->get().size();
  } else if (auto integer = c.node->as_integer()) {
    out.kind = config_kind_integer;
    out.integer = integer->get();
  } else if (auto number = c.node->as_floating_point()) {
    out.kind = config_kind_number;
    out.number = number->get();
  } else if (auto boolean = c.node->as_boolean()) {
    out.kind = config_kind_boolean;
    out.boolean = boolean->get();
  } else {
    out.kind = config_kind_date;
  }
  return out;
}

/// The children of a table by the places of their keys, of an array as they stand.
std::vector<child> children(const toml::node &node) {
  std::vector<child> out;
  if (auto table = node.as_table()) {
    for (auto &&[key, value] : *table) out.push_back({&value, &key});
    std::sort(out.begin(), out.end(), [](const child &a, const child &b) {
      const auto x = a.key->source().begin, y = b.key->source().begin;
      if (x.line != y.line) return x.line < y.line;
      return x.column != y.column ? x.column < y.column : a.key->str() < b.key->str();
    });
  } else if (auto array = node.as_array()) {
    for (auto &&value : *array) out.push_back({&value, nullptr});
  }
  return out;
}

/// Lists all nodes, level by level, so that the children of one node stand together.
void flatten(config_document &document) {
  std::vector<child> queue{{&document.table, nullptr}};
  document.nodes.push_back(described(queue[0]));
  for (size_t i = 0; i < queue.size(); ++i) {
    const auto below = children(*queue[i].node);
    document.nodes[i].first_child = queue.size();
    document.nodes[i].child_count = below.size();
    for (const auto &c : below) {
      queue.push_back(c);
      document.nodes.push_back(described(c));
    }
  }
}

void report(config_error *error, std::string_view message, toml::source_position place) {
  const size_t n = std::min(message.size(), sizeof error->message - 1);
  std::memcpy(error->message, message.data(), n);
  error->message[n] = 0;
  error->line = place.line;
  error->column = place.column;
}

}  // namespace

config_document *config_parse(const char *text, size_t length, config_error *error) {
  config_document *document = nullptr;
  try {
    document = new config_document{};
    document->table = toml::parse(std::string_view(text, length));
    flatten(*document);
    return document;
  } catch (const toml::parse_error &e) {
    report(error, e.description(), e.source().begin);
  } catch (const std::exception &e) {
    report(error, e.what(), {});
  } catch (...) {
    report(error, GAVE_UP, {});
  }
  delete document;
  return nullptr;
}

const config_node *config_nodes(const config_document *document) { return document->nodes.data(); }

size_t config_node_count(const config_document *document) { return document->nodes.size(); }

void config_free(config_document *document) { delete document; }

#define TEXT_OF(value) #value
#define VERSION_OF(major, minor, patch) TEXT_OF(major) "." TEXT_OF(minor) "." TEXT_OF(patch)

const char *config_library_version(void) {
  return VERSION_OF(TOML_LIB_MAJOR, TOML_LIB_MINOR, TOML_LIB_PATCH);
}
