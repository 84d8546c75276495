#include "hooks/mounts.h"

#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/str_split.h"

namespace rocktune {
namespace {

bool IsOctal(char c) { return c >= '0' && c <= '7'; }

// The kernel writes space, tab, newline and backslash as \ooo.
std::string Unescape(absl::string_view text) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\' && i + 3 < text.size() && IsOctal(text[i + 1]) &&
        IsOctal(text[i + 2]) && IsOctal(text[i + 3])) {
      out.push_back(static_cast<char>((text[i + 1] - '0') * 64 +
                                      (text[i + 2] - '0') * 8 +
                                      (text[i + 3] - '0')));
      i += 3;
    } else {
      out.push_back(text[i]);
    }
  }
  return out;
}

bool Holds(absl::string_view point, absl::string_view path) {
  if (point == "/") return absl::StartsWith(path, "/");
  return absl::StartsWith(path, point) &&
         (path.size() == point.size() || path[point.size()] == '/');
}

}  // namespace

std::vector<Mount> ParseMountinfo(absl::string_view text) {
  // id parent major:minor root point options [tags...] - type source super
  std::vector<Mount> mounts;
  for (absl::string_view line : absl::StrSplit(text, '\n')) {
    const std::vector<std::string> fields =
        absl::StrSplit(line, ' ', absl::SkipEmpty());
    const auto dash = std::find(fields.begin(), fields.end(), "-");
    if (dash - fields.begin() < 6 || fields.end() - dash < 4) continue;
    Mount mount;
    mount.device = fields[2];
    mount.root = Unescape(fields[3]);
    mount.point = Unescape(fields[4]);
    mount.type = dash[1];
    mount.source = Unescape(dash[2]);
    mount.super_options = dash[3];
    mounts.push_back(std::move(mount));
  }
  return mounts;
}

const Mount* FindMount(absl::Span<const Mount> mounts, absl::string_view path) {
  const Mount* best = nullptr;
  for (const Mount& mount : mounts) {
    if (!Holds(mount.point, path)) continue;
    if (best == nullptr || mount.point.size() >= best->point.size()) {
      best = &mount;
    }
  }
  return best;
}

}  // namespace rocktune
