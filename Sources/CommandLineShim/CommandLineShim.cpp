// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

#include "CommandLineShim.h"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <cstring>
#include <string>
#include <vector>

namespace {

using Words = std::vector<std::string>;

/// More words than a command line can hold; below CLI11's mark for "unlimited", which has rules of
/// its own (it would split `[a,b]`).
constexpr int many = 1 << 28;

CLI::App *app_of(commandline_command *command) {
  return reinterpret_cast<CLI::App *>(command);
}

commandline_command *handle(CLI::App *app) {
  return reinterpret_cast<commandline_command *>(app);
}

const CLI::Option *option_of(const commandline_option *option) {
  return reinterpret_cast<const CLI::Option *>(option);
}

commandline_option *handle(CLI::Option *option) {
  return reinterpret_cast<commandline_option *>(option);
}

char *copy(const std::string &text) { return strdup(text.c_str()); }

/// The words in CLI11's order, last first. `--name=` becomes two words, since CLI11 would take the
/// next word for the value.
Words reversed(const Words &given) {
  Words words;
  bool options_end = false;
  for (const auto &word : given) {
    options_end = options_end || word == "--";
    const bool is_empty_value = !options_end && word.size() > 3 && word.compare(0, 2, "--") == 0
                                && word.find('=') == word.size() - 1;
    words.push_back(is_empty_value ? word.substr(0, word.size() - 1) : word);
    if (is_empty_value) words.emplace_back();
  }
  std::reverse(words.begin(), words.end());
  return words;
}

/// The root and the commands chosen below it.
std::vector<CLI::App *> path_from(CLI::App *root) {
  std::vector<CLI::App *> path{root};
  for (auto chosen = root->get_subcommands(); !chosen.empty();
       chosen = path.back()->get_subcommands())
    path.push_back(chosen.front());
  return path;
}

std::string known_options(CLI::App *app) {
  std::string known;
  for (const auto *option : app->get_options()) {
    for (const auto &name : option->get_lnames()) known += "--" + name + "\n";
    for (const auto &name : option->get_snames()) known += "-" + name + "\n";
  }
  return known;
}

std::string known_commands(CLI::App *app) {
  std::string known;
  for (const auto *command : app->get_subcommands({})) known += command->get_name() + "\n";
  return known;
}

/// Writes the first unknown word of the command into the outcome; false when every word is known.
bool report_unknown(CLI::App *app, const Words &given, commandline_outcome &outcome) {
  const bool is_group = !app->get_subcommands({}).empty();
  const std::string *word = nullptr;
  int kind = commandline_parsed;
  auto first = given.end();
  const auto consider = [&](const std::string &candidate, int candidate_kind) {
    const auto place = std::find(given.begin(), given.end(), candidate);
    if (word && place >= first) return;
    word = &candidate;
    first = place;
    kind = candidate_kind;
  };
  const Words remaining = app->remaining();
  for (const auto &left : remaining)
    if (left != "--") consider(left, commandline_unknown_option);
  for (const auto *option : app->get_options())
    if (is_group && option->get_positional())
      for (const auto &value : option->results()) consider(value, commandline_unknown_command);
  if (!word) return false;
  outcome.kind = kind;
  outcome.reached = handle(app);
  outcome.word = copy(*word);
  outcome.known =
    copy(kind == commandline_unknown_option ? known_options(app) : known_commands(app));
  return true;
}

}  // namespace

extern "C" {

commandline_command *commandline_create(void) {
  try {
    auto *app = new CLI::App();
    app->set_help_flag();
    app->allow_extras();
    app->require_subcommand(0, 1);
    return handle(app);
  } catch (...) {
    return nullptr;
  }
}

void commandline_destroy(commandline_command *root) { delete app_of(root); }

commandline_command *commandline_add_command(commandline_command *parent, const char *name) {
  try {
    auto *app = app_of(parent)->add_subcommand(name);
    app->set_help_flag();
    app->allow_extras();
    app->require_subcommand(0, 1);
    return handle(app);
  } catch (...) {
    return nullptr;
  }
}

commandline_option *commandline_add_option(
  commandline_command *command, const char *names, bool takes_value) {
  try {
    auto *app = app_of(command);
    auto *option = takes_value ? app->add_option(names) : app->add_flag(names);
    return handle(option->multi_option_policy(CLI::MultiOptionPolicy::TakeAll));
  } catch (...) {
    return nullptr;
  }
}

commandline_option *commandline_add_words(commandline_command *command) {
  try {
    auto *option = app_of(command)->add_option("words");
    return handle(
      option->expected(many, many)->multi_option_policy(CLI::MultiOptionPolicy::TakeAll));
  } catch (...) {
    return nullptr;
  }
}

commandline_outcome commandline_parse(
  commandline_command *root, int count, const char *const *arguments) {
  commandline_outcome outcome = {commandline_parsed, root, nullptr, nullptr};
  try {
    const Words given(arguments, arguments + count);
    try {
      app_of(root)->parse(reversed(given));
    } catch (const CLI::ArgumentMismatch &) {
      outcome.kind = commandline_missing_value;
    }
    const auto path = path_from(app_of(root));
    outcome.reached = handle(path.back());
    for (auto *app : path)
      if (report_unknown(app, given, outcome)) return outcome;
    if (outcome.kind == commandline_missing_value && !given.empty())
      outcome.word = copy(given.back());
  } catch (const std::exception &error) {
    outcome.kind = commandline_failed;
    outcome.word = strdup(error.what());
  } catch (...) {
    outcome.kind = commandline_failed;
  }
  return outcome;
}

size_t commandline_count(const commandline_option *option) {
  return option_of(option)->results().size();
}

char *commandline_value(const commandline_option *option, size_t index) {
  const auto &values = option_of(option)->results();
  return index < values.size() ? strdup(values[index].c_str()) : nullptr;
}

const char *commandline_library_version(void) { return CLI11_VERSION; }

}  // extern "C"
