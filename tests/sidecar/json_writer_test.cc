#include "sidecar/json_writer.h"

#include <cmath>
#include <limits>

#include "gtest/gtest.h"
#include "sidecar/json_fields.h"
#include "sidecar/json_text.h"
#include "tests/status_matchers.h"

namespace rocktune {
namespace {

std::string StringOf(absl::string_view text) {
  JsonWriter json;
  json.Value(text);
  return json.Take();
}

TEST(JsonWriter, NestsAndSeparates) {
  JsonWriter json;
  json.BeginObject()
      .Field("a", 1)
      .Key("b")
      .BeginArray()
      .Value("x")
      .Value(true)
      .Null()
      .BeginObject()
      .EndObject()
      .EndArray()
      .Field("c", 1.5)
      .EndObject();
  EXPECT_EQ(json.Take(), R"({"a":1,"b":["x",true,null,{}],"c":1.5})");
}

TEST(JsonWriter, WritesNumbersThatAreNotFiniteAsNull) {
  JsonWriter json;
  json.BeginArray()
      .Value(std::nan(""))
      .Value(std::numeric_limits<double>::infinity())
      .Value(std::numeric_limits<uint64_t>::max())
      .Value(std::numeric_limits<int64_t>::min())
      .EndArray();
  EXPECT_EQ(json.Take(),
            "[null,null,18446744073709551615,"
            "-9223372036854775808]");
}

TEST(JsonWriter, WritesTimesAsUtcAndAnInfiniteOneAsNull) {
  JsonWriter json;
  json.BeginArray()
      .Value(absl::FromUnixMillis(1767225600123))
      .Value(absl::InfiniteFuture())
      .EndArray();
  EXPECT_EQ(json.Take(), R"(["2026-01-01T00:00:00.123Z",null])");
}

TEST(JsonWriter, EscapesWhateverANameHolds) {
  EXPECT_EQ(StringOf("a\"b\\c\n\x1b[2J\x7f"), R"("a\"b\\c\n\u001b[2J\u007f")");
  EXPECT_EQ(StringOf(absl::string_view("\0z", 2)), R"("\u0000z")");
  EXPECT_EQ(StringOf("gr\xC3\xB6\xC3\x9F"
                     "e"),
            "\"gr\xC3\xB6\xC3\x9F"
            "e\"");
}

TEST(JsonWriter, ReplacesBytesThatAreNotUtf8) {
  EXPECT_EQ(StringOf("\xFF"), R"("\ufffd")");
  EXPECT_EQ(StringOf("\xC0\xAF"), R"("\ufffd\ufffd")");            // overlong
  EXPECT_EQ(StringOf("\xED\xA0\x80"), R"("\ufffd\ufffd\ufffd")");  // surrogate
  EXPECT_EQ(StringOf("ab\xE2\x82"), R"("ab\ufffd\ufffd")");        // cut
}

TEST(JsonWriter, EveryByteStringReadsBackAsJson) {
  std::string text;
  for (int byte = 0; byte < 256; ++byte) text += static_cast<char>(byte);
  EXPECT_OK(ParseJson(StringOf(text)));
}

TEST(TerminalText, ShowsControlCharactersInsteadOfObeyingThem) {
  EXPECT_EQ(EscapedForTerminal("a\x1b[2J\r\nb"), "a\\x1b[2J\\r\\nb");
  EXPECT_EQ(EscapedForTerminal("\xC2\x9B"
                               "2J"),
            "\\xc2\\x9b2J");
  EXPECT_EQ(EscapedForTerminal("\xFFx"), "\\xffx");
  EXPECT_EQ(EscapedForTerminal("gr\xC3\xB6\xC3\x9F"
                               "e"),
            "gr\xC3\xB6\xC3\x9F"
            "e");
}

TEST(JsonFields, RefusesWhatIsNotStrictJson) {
  for (const char* text :
       {"{", "{} x", "{\"a\":1,}", "{/**/}", "[1", "nul", "{'a':1}", "\x01"}) {
    EXPECT_THAT(ParseJson(text),
                IsError(absl::StatusCode::kInvalidArgument, "not JSON"))
        << text;
  }
  EXPECT_THAT(ParseJsonObject("[]"),
              IsError(absl::StatusCode::kInvalidArgument, "object"));
}

TEST(JsonFields, RefusesADocumentNestedTooDeeply) {
  const std::string bomb(50000, '[');
  EXPECT_THAT(ParseJson(bomb),
              IsError(absl::StatusCode::kInvalidArgument, "deep"));
}

TEST(JsonFields, NamesTheUnknownKeyAndTheNearest) {
  const auto object = ParseJsonObject(R"({"resaon":"x"})");
  ASSERT_OK(object);
  EXPECT_THAT(CheckKeys(*object, {"reason", "to"}),
              IsError(absl::StatusCode::kInvalidArgument,
                      "\"resaon\" (did you mean \"reason\"?)"));
}

}  // namespace
}  // namespace rocktune
