#include <boost/json/serialize.hpp>
#include <cstdio>
#include <fstream>
#include <sstream>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "bench/cell/cell.h"

namespace rocktune {
namespace {

// FNV-1a, 64 bits (Fowler, Noll, Vo): names files, protects nothing.
std::string HashOf(const std::string& text) {
  uint64_t hash = 14695981039346656037ull;
  for (const char c : text) {
    hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211ull;
  }
  char hex[17];
  std::snprintf(hex, sizeof(hex), "%016llx",
                static_cast<unsigned long long>(hash));
  return hex;
}

// For a file's name: a path's last part, nothing but letters and digits.
std::string WordOf(const std::string& name) {
  std::string word = name.substr(name.rfind('/') + 1);
  for (char& c : word) {
    if (!absl::ascii_isalnum(static_cast<unsigned char>(c))) c = '-';
  }
  return word;
}

}  // namespace

std::string ContentId(const std::string& workload) {
  if (!absl::EndsWith(workload, ".toml")) return "";
  std::ifstream file(workload, std::ios::binary);
  std::stringstream text;
  text << file.rdbuf();
  return HashOf(text.str());
}

std::string CellId(const CellSpec& spec) {
  CellSpec what = spec;
  what.source_dir.clear();
  what.work_dir.clear();
  return absl::StrCat(
      WordOf(spec.workload), "_", WordOf(spec.device), "_",
      WordOf(spec.contestant), "_s", spec.seed, "_",
      HashOf(boost::json::serialize(ToJson(what)) + ContentId(spec.workload)));
}

std::string DataId(const CellSpec& spec) {
  const std::string content = ContentId(spec.workload);
  return absl::StrCat(WordOf(spec.workload), "_", spec.data_bytes >> 20,
                      "MiB_s", spec.seed, content.empty() ? "" : "_", content);
}

}  // namespace rocktune
