// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

// The words of a command line, sorted by CLI11 into commands, options and the rest.
// Values, defaults, help and messages are not its business: CommandLineKit does them in Swift.

#ifndef BREAKWATER_COMMAND_LINE_SHIM_H
#define BREAKWATER_COMMAND_LINE_SHIM_H

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/// The root of a command line, or a command below it.
typedef struct commandline_command commandline_command;

/// An option of a command, or the words that are no option.
typedef struct commandline_option commandline_option;

/// What became of a command line.
enum {
  commandline_parsed = 0,
  /// A command does not know the option.
  commandline_unknown_option = 1,
  /// A command that has commands below it has none of this name.
  commandline_unknown_command = 2,
  /// The last word is an option that needs a value.
  commandline_missing_value = 3,
  /// CLI11 refused for another reason; the word is its message.
  commandline_failed = 4
};

/// The result of parsing; both strings belong to the caller, who frees them.
typedef struct {
  int kind;
  /// The deepest command reached, or the one that met the error.
  commandline_command *reached;
  /// The offending word; NULL when there is none.
  char *word;
  /// Words that are known where the offending one stood, one per line; NULL when there are none.
  char *known;
} commandline_outcome;

/// Makes the root of a command line; NULL without memory.
commandline_command *commandline_create(void);

/// Frees the root, everything below it and every option.
void commandline_destroy(commandline_command *root);

/// Adds a command below another; NULL when the name is refused.
commandline_command *commandline_add_command(commandline_command *parent, const char *name);

/// Adds an option such as "-j,--threads"; NULL when the names are refused or known already.
commandline_option *commandline_add_option(
  commandline_command *command, const char *names, bool takes_value);

/// Collects every word of a command that is no option; NULL when it was asked before.
commandline_option *commandline_add_words(commandline_command *command);

/// Sorts the words; the name of the program is not among them. To be called once.
commandline_outcome commandline_parse(
  commandline_command *root, int count, const char *const *arguments);

/// How often the option was given.
size_t commandline_count(const commandline_option *option);

/// The value given at one place, which the caller frees; NULL beyond the last.
char *commandline_value(const commandline_option *option, size_t index);

/// The version of CLI11.
const char *commandline_library_version(void);

#ifdef __cplusplus
}
#endif

#endif
