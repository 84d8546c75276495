#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <sstream>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "bench/cell/cell.h"

namespace rocktune {

absl::Status WriteJsonFile(const std::string& path,
                           const boost::json::object& json) {
  const std::string beside = path + ".part";
  {
    std::ofstream out(beside, std::ios::binary | std::ios::trunc);
    out << boost::json::serialize(json) << "\n";
    out.flush();
    if (!out) {
      std::remove(beside.c_str());
      return absl::ResourceExhaustedError(
          absl::StrCat(path, " cannot be written: ", std::strerror(errno)));
    }
  }
  if (std::rename(beside.c_str(), path.c_str()) != 0) {
    return absl::ResourceExhaustedError(
        absl::StrCat(path, " cannot be put in place: ", std::strerror(errno)));
  }
  return absl::OkStatus();
}

absl::StatusOr<boost::json::object> ReadJsonFile(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return absl::NotFoundError(absl::StrCat("no file ", path));
  std::stringstream text;
  text << in.rdbuf();
  boost::system::error_code error;
  const boost::json::value value = boost::json::parse(text.str(), error);
  if (error || !value.is_object()) {
    return absl::InvalidArgumentError(absl::StrCat(
        path, " is no JSON object", error ? ": " + error.message() : ""));
  }
  return value.get_object();
}

}  // namespace rocktune
