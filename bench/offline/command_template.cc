#include "bench/offline/command_template.h"

#include <regex>
#include <set>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "policy/edit_distance.h"
#include "policy/status_macros.h"

namespace rocktune {
namespace {

const std::vector<std::string>& Places() {
  static const auto& places = *new std::vector<std::string>{
      "options", "db", "dir", "block_cache_bytes"};
  return places;
}

// Small names in braces; other braces belong to the command.
absl::StatusOr<std::set<std::string>> PlacesIn(const std::string& text) {
  static const std::regex kPlace(R"(\{([a-z_]+)\})");
  std::set<std::string> found;
  for (auto it = std::sregex_iterator(text.begin(), text.end(), kPlace);
       it != std::sregex_iterator(); ++it) {
    const std::string name = (*it)[1];
    bool known = false;
    for (const std::string& place : Places()) known |= place == name;
    if (!known) {
      const std::string nearest = NearestName(name, Places());
      return absl::InvalidArgumentError(absl::StrCat(
          "--command has {", name,
          "}, which is none of {options}, {db}, "
          "{dir}, {block_cache_bytes}",
          nearest.empty() ? ""
                          : absl::StrCat("; did you mean {", nearest, "}?")));
    }
    found.insert(name);
  }
  return found;
}

}  // namespace

absl::StatusOr<std::vector<std::string>> SplitWords(const std::string& text) {
  std::vector<std::string> words;
  std::string word;
  bool open = false;  // a word has begun
  char quote = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '\\' && quote != '\'' && i + 1 < text.size()) {
      word += text[++i];
      open = true;
    } else if (quote != 0) {
      if (c == quote) {
        quote = 0;
      } else {
        word += c;
      }
    } else if (c == '"' || c == '\'') {
      quote = c;
      open = true;
    } else if (absl::ascii_isspace(static_cast<unsigned char>(c))) {
      if (open) words.push_back(std::move(word));
      word.clear();
      open = false;
    } else {
      word += c;
      open = true;
    }
  }
  if (quote != 0) {
    return absl::InvalidArgumentError(
        absl::StrCat("a ", std::string(1, quote), " has no end in: ", text));
  }
  if (open) words.push_back(std::move(word));
  return words;
}

absl::StatusOr<CommandTemplate> ParseTemplate(const std::string& text,
                                              bool shell) {
  ROCKTUNE_ASSIGN_OR_RETURN(const auto places, PlacesIn(text));
  if (places.count("options") == 0) {
    return absl::InvalidArgumentError(
        "--command needs {options}, where the OPTIONS file of a run is named, "
        "as in: db_bench --options_file={options} --db={db}");
  }
  CommandTemplate command;
  command.has_db = places.count("db") > 0;
  command.has_block_cache = places.count("block_cache_bytes") > 0;
  if (shell) {
    command.words = {"/bin/sh", "-c", text};
  } else {
    ROCKTUNE_ASSIGN_OR_RETURN(command.words, SplitWords(text));
  }
  return command;
}

std::vector<std::string> CommandTemplate::Fill(const RunPlaces& places) const {
  std::vector<std::string> filled;
  for (const std::string& word : words) {
    filled.push_back(absl::StrReplaceAll(
        word, {{"{options}", places.options},
               {"{db}", places.db},
               {"{dir}", places.dir},
               {"{block_cache_bytes}", places.block_cache_bytes}}));
  }
  return filled;
}

}  // namespace rocktune
