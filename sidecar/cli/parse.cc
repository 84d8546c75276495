#include "sidecar/cli/parse.h"

#include <algorithm>

#include "CLI/CLI.hpp"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "sidecar/admin_nearest.h"
#include "sidecar/json_text.h"

namespace rocktune::cli {
namespace {

constexpr int kUsage = 2;

using Declare = void (*)(CLI::App* command, Arguments* arguments);

void DeclareNothing(CLI::App* /*command*/, Arguments* /*arguments*/) {}

void DeclareWatch(CLI::App* command, Arguments* arguments) {
  command->add_option("--count", arguments->count,
                      "End after so many windows (default: never)");
}

void DeclareHistory(CLI::App* command, Arguments* arguments) {
  command->add_option("--limit", arguments->limit, "Most lines (default 50)");
}

void DeclareTrial(CLI::App* command, Arguments* arguments) {
  command->add_option("ID", arguments->word, "The trial's number")->required();
}

void DeclareWhy(CLI::App* command, Arguments* arguments) {
  command->add_option("OPTION", arguments->word, "RocksDB's name of it")
      ->required();
  command->add_option("--limit", arguments->limit, "Most trials (default 50)");
}

void DeclareOptions(CLI::App* command, Arguments* arguments) {
  command->add_option("PATTERN", arguments->word,
                      "Only options whose name contains this");
  command->add_flag("--changed", arguments->changed,
                    "Only options that are not as at attach, or pinned");
}

void DeclareCatalogue(CLI::App* command, Arguments* arguments) {
  command->add_option("PATTERN", arguments->word,
                      "Only options whose name contains this");
}

void DeclareReason(CLI::App* command, Arguments* arguments) {
  command->add_option("--reason", arguments->reason, "Kept in the history");
}

void DeclareReplay(CLI::App* command, Arguments* arguments) {
  command->add_option("DIR", arguments->word, "A folder that llm.record made")
      ->required();
}

void DeclareMode(CLI::App* command, Arguments* arguments) {
  command
      ->add_option("MODE", arguments->word,
                   "off, observe, suggest, approve or auto")
      ->required();
  DeclareReason(command, arguments);
}

void DeclareRun(CLI::App* command, Arguments* arguments) {
  command
      ->add_option("--mode", arguments->mode,
                   "off, observe, suggest, approve or auto (default: "
                   "$ROCKTUNE_MODE, else suggest)")
      ->check(CLI::IsMember({"off", "observe", "suggest", "approve", "auto"}));
  command->add_option("--config", arguments->config,
                      "A TOML file (default: $ROCKTUNE_CONFIG)");
  // For the help only: what stands here is cut off before the parser runs.
  command->add_option("PROGRAM", arguments->assignments,
                      "The program to start, and its arguments");
}

void DeclareRollback(CLI::App* command, Arguments* arguments) {
  command
      ->add_option("--to", arguments->to, "last, baseline, or a trial's number")
      ->required();
  DeclareReason(command, arguments);
}

void DeclareScope(CLI::App* command, Arguments* arguments) {
  command->add_option("--cf", arguments->scope,
                      "Only this column family (default: every one)");
  DeclareReason(command, arguments);
}

void DeclarePropose(CLI::App* command, Arguments* arguments) {
  command
      ->add_option("CHANGES", arguments->assignments,
                   "OPTION=VALUE ..., to try together")
      ->required();
  DeclareScope(command, arguments);
}

void DeclareApply(CLI::App* command, Arguments* arguments) {
  command->add_option("DIR", arguments->word, "The --out of rocktune tune")
      ->required();
  DeclareReason(command, arguments);
}

void DeclarePin(CLI::App* command, Arguments* arguments) {
  command->add_option("OPTION", arguments->word, "OPTION=VALUE, or just OPTION")
      ->required();
  command->add_option("--min", arguments->min, "Lowest value allowed");
  command->add_option("--max", arguments->max, "Highest value allowed");
  command->add_flag("--deny", arguments->deny, "Never touch it");
  DeclareScope(command, arguments);
}

void DeclareUnpin(CLI::App* command, Arguments* arguments) {
  command->add_option("OPTION", arguments->word, "RocksDB's name of it")
      ->required();
  DeclareScope(command, arguments);
}

// One row a command; adding one is one row here and one in the tests.
struct CommandRow {
  const char* name;
  const char* help;
  const char* examples;
  Declare declare;
};

constexpr CommandRow kCommands[] = {
    {"run", "Start a program that uses RocksDB, with rocktune inside",
     "  rocktune run --mode auto -- ./service --port 80\n"
     "  rocktune run db_bench --benchmarks=readrandom",
     DeclareRun},
    {"status", "Health, mode, and what every database is doing",
     "  rocktune status\n  rocktune status --output json", DeclareNothing},
    {"watch", "One line per window, and every change of state",
     "  rocktune watch\n  rocktune watch --count 10 --db users", DeclareWatch},
    {"profile", "What the load is: mix, sizes, skew, where reads are served",
     "  rocktune profile\n  rocktune profile --database users", DeclareNothing},
    {"history", "What was tried and decided, newest first",
     "  rocktune history --limit 20", DeclareHistory},
    {"trial", "One trial with all its numbers", "  rocktune trial 7",
     DeclareTrial},
    {"why", "The trials that gave an option its value",
     "  rocktune why write_buffer_size", DeclareWhy},
    {"options", "Values now, proven, at attach and by default",
     "  rocktune options --changed\n  rocktune options compaction",
     DeclareOptions},
    {"catalogue", "What may be changed online, within which bounds",
     "  rocktune catalogue block_cache", DeclareCatalogue},
    {"freeze", "Stop tuning; an open trial is rolled back",
     "  rocktune freeze --reason \"migration tonight\"", DeclareReason},
    {"resume", "Allow tuning again", "  rocktune resume", DeclareReason},
    {"mode", "Set how much the tuner may do by itself", "  rocktune mode auto",
     DeclareMode},
    {"rollback", "Restore the values before a trial, or those at attach",
     "  rocktune rollback --to last\n  rocktune rollback --to baseline\n"
     "  rocktune rollback --to 7",
     DeclareRollback},
    {"propose", "Try a change of your own: calibrated and measured as any",
     "  rocktune propose write_buffer_size=128MiB "
     "block_cache.capacity=1GiB\n"
     "  rocktune propose level0_file_num_compaction_trigger=8 --cf hot "
     "--reason \"bulk load\"",
     DeclarePropose},
    {"apply", "Try what rocktune tune found, as far as it needs no restart",
     "  rocktune apply tuned/ --socket users.rocktune/admin.sock",
     DeclareApply},
    {"approve", "Try what waits for approval", "  rocktune approve",
     DeclareReason},
    {"reject", "Drop what waits for approval",
     "  rocktune reject --reason \"not before the release\"", DeclareReason},
    {"pin", "Fix an option's value or range, or deny it to the tuner",
     "  rocktune pin write_buffer_size=64MiB\n"
     "  rocktune pin max_background_jobs --max 4\n"
     "  rocktune pin compression --deny",
     DeclarePin},
    {"unpin", "Remove a pin", "  rocktune unpin write_buffer_size",
     DeclareUnpin},
    {"llm", "The model: what asking cost, its breaker, its last error",
     "  rocktune llm", DeclareNothing},
    {"payload", "The very bytes that a model would be sent now",
     "  rocktune payload | less", DeclareNothing},
    {"ask", "Ask the model once and show its calibrated answer; try nothing",
     "  rocktune ask", DeclareReason},
    {"replay", "What parser and calibration make of a recording today",
     "  rocktune replay recordings/", DeclareReplay},
};

constexpr char kFooter[] =
    "Exit codes: 0 ok, 1 failed, 2 usage, 3 refused by policy, 4 unreachable,\n"
    "5 timed out. Any other word X runs the program rocktune-X beside this "
    "one.";

// Options with a value that may stand before the command.
constexpr const char* kValued[] = {"--socket", "--output",   "-o",
                                   "--db",     "--database", "--timeout"};

void DeclareCommon(CLI::App* app, Arguments* arguments) {
  app->add_option("--socket", arguments->socket,
                  "The admin socket (default: $ROCKTUNE_SOCKET, else the only "
                  "*.rocktune/admin.sock below here)");
  app->add_option("-o,--output", arguments->output, "table or json")
      ->check(CLI::IsMember({"table", "json"}));
  app->add_option("--db,--database", arguments->database,
                  "The database, when several are attached");
  app->add_option("--timeout", arguments->timeout_s,
                  "Longest wait for an answer, seconds (default 75; ask: what "
                  "llm.call_limit needs)")
      ->check(CLI::Range(0.001, 86400.0));
  app->set_version_flag("--version", "rocktune " ROCKTUNE_VERSION);
}

// The options of `app` and of the command that was given, long and short.
std::vector<std::string> OptionNames(const CLI::App& app) {
  std::vector<std::string> names;
  const auto add = [&names](const CLI::App& from) {
    for (const CLI::Option* option : from.get_options()) {
      for (const std::string& name : option->get_lnames()) {
        names.push_back("--" + name);
      }
    }
  };
  add(app);
  for (const CLI::App* command : app.get_subcommands()) add(*command);
  return names;
}

// The option nearest to the first word that looks like one and is none.
std::string OptionHint(const CLI::App& app, int argc, char** argv) {
  const std::vector<std::string> known = OptionNames(app);
  for (int i = 1; i < argc; ++i) {
    std::string word = argv[i];
    word = word.substr(0, word.find('='));
    if (absl::StartsWith(word, "--") &&
        std::find(known.begin(), known.end(), word) == known.end()) {
      return DidYouMean(word, known);
    }
  }
  return "";
}

}  // namespace

std::vector<std::string> CommandNames() {
  std::vector<std::string> names;
  for (const CommandRow& row : kCommands) names.emplace_back(row.name);
  return names;
}

int CommandIndex(int argc, char** argv) {
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    if (word.empty() || word[0] != '-') return i;
    for (const char* valued : kValued) {
      if (word == valued) ++i;
    }
  }
  return 0;
}

ParseResult ParseCommandLine(int argc, char** argv) {
  ParseResult result;
  CLI::App app("Steers the tuner inside a running RocksDB service.",
               "rocktune");
  app.require_subcommand(1);
  app.fallthrough();
  app.footer(kFooter);
  DeclareCommon(&app, &result.arguments);
  for (const CommandRow& row : kCommands) {
    CLI::App* command = app.add_subcommand(row.name, row.help);
    row.declare(command, &result.arguments);
    command->footer(absl::StrCat("Examples:\n", row.examples));
  }
  try {
    app.parse(argc, argv);
    result.arguments.command = app.get_subcommands().front()->get_name();
  } catch (const CLI::CallForHelp&) {
    result.exit_code = 0;
    result.out = app.help();
  } catch (const CLI::CallForVersion& version) {
    result.exit_code = 0;
    result.out = absl::StrCat(version.what(), "\n");
  } catch (const CLI::ParseError& error) {
    result.exit_code = kUsage;
    result.err = absl::StrCat("rocktune: ", EscapedForTerminal(error.what()),
                              OptionHint(app, argc, argv),
                              "\nrocktune --help shows how it is used\n");
  }
  return result;
}

}  // namespace rocktune::cli
