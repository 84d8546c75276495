#include "policy/value_parser.h"

#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "tests/status_matchers.h"

namespace rocktune {
namespace {

CatalogueRow Row(OptionType type, OptionUnit unit = OptionUnit::kNone) {
  CatalogueRow row;
  row.name = "an_option";
  row.type = type;
  row.unit = unit;
  return row;
}

CatalogueRow Compression() {
  CatalogueRow row = Row(OptionType::kEnum);
  row.enum_values = {"kNoCompression", "kSnappyCompression", "kLZ4Compression",
                     "kZSTD", "kDisableCompressionOption"};
  return row;
}

const CatalogueRow kBytes = Row(OptionType::kUint, OptionUnit::kBytes);
const CatalogueRow kRate = Row(OptionType::kUint, OptionUnit::kBytesPerSecond);
const CatalogueRow kSeconds = Row(OptionType::kUint, OptionUnit::kSeconds);
const CatalogueRow kMicros = Row(OptionType::kUint, OptionUnit::kMicroseconds);
const CatalogueRow kCount = Row(OptionType::kInt, OptionUnit::kCount);
const CatalogueRow kRatio = Row(OptionType::kDouble, OptionUnit::kRatio);
const CatalogueRow kBool = Row(OptionType::kBool);
const CatalogueRow kEnum = Compression();

struct Good {
  const CatalogueRow& row;
  std::string text;
  std::string canonical;
};

TEST(ValueParser, ReadsValuesAsPeopleWriteThem) {
  const std::vector<Good> cases = {
      {kBytes, "67108864", "67108864"},
      {kBytes, "64MB", "67108864"},
      {kBytes, "64 MiB", "67108864"},
      {kBytes, " 64m ", "67108864"},
      {kBytes, "\"64 MB\"", "67108864"},
      {kBytes, "64MB;", "67108864"},
      {kBytes, "8.5M", "8912896"},
      {kBytes, "0.5 GiB", "536870912"},
      {kBytes, "1.3GB", "1395864371"},
      {kBytes, "1e6", "1000000"},
      {kBytes, "1.5e3", "1500"},
      {kBytes, "10e-1", "1"},
      {kBytes, "67_108_864", "67108864"},
      {kBytes, "+7", "7"},
      {kBytes, "-0", "0"},
      {kBytes, "18446744073709551615", "18446744073709551615"},
      {kBytes, "4096 bytes", "4096"},
      {kBytes, "00042", "42"},
      {kRate, "16MB/s", "16777216"},
      {kRate, "16 MiB per second", "16777216"},
      {kRate, "16mbps", "16777216"},
      {kSeconds, "2h", "7200"},
      {kSeconds, "30 days", "2592000"},
      {kSeconds, "1500ms", "1"},
      {kSeconds, "90", "90"},
      {kMicros, "2h", "7200000000"},
      {kMicros, "1.5 ms", "1500"},
      {kCount, "4", "4"},
      {kCount, "-1", "-1"},
      {kCount, "4.0", "4"},
      {kRatio, "0.1", "0.1"},
      {kRatio, "1e-3", "0.001"},
      {kRatio, ".25", "0.25"},
      {kRatio, "10", "10"},
      {kBool, "TRUE", "true"},
      {kBool, "1", "true"},
      {kBool, "off", "false"},
      {kEnum, "kLZ4Compression", "kLZ4Compression"},
      {kEnum, "lz4", "kLZ4Compression"},
      {kEnum, "LZ4 Compression", "kLZ4Compression"},
      {kEnum, "kzstd", "kZSTD"},
      {kEnum, "none", "kNoCompression"},
      {kEnum, "'Snappy'", "kSnappyCompression"},
  };
  for (const Good& good : cases) {
    const absl::StatusOr<std::string> value = ParseValue(good.text, good.row);
    ASSERT_THAT(value, IsOk()) << good.text;
    EXPECT_EQ(*value, good.canonical) << good.text;
    EXPECT_EQ(ParseValue(*value, good.row).value_or(""), *value) << good.text;
  }
}

struct Bad {
  const CatalogueRow row;
  std::string text;
  std::string part_of_message;
};

TEST(ValueParser, RefusesWhatIsNotAValueAndSaysWhatToWrite) {
  const std::vector<Bad> cases = {
      {kBytes, "", "is empty"},
      {kBytes, "  ", "is empty"},
      {kBytes, "-1", "is negative"},
      {kBytes, "-8MB", "is negative"},
      {kBytes, "50%", "percentage"},
      {kBytes, "64 parsecs", "no unit"},
      {kBytes, "64MB garbage", "no unit"},
      {kBytes, "64Mbit", "no unit"},
      {kBytes, "0x10", "no unit"},
      {kBytes, "1,000", "no unit"},
      {kBytes, "8.5", "not a whole number"},
      {kBytes, "0.0001 KB", "not a whole number"},
      {kBytes, "1.2.3", "no unit"},
      {kBytes, "MB", "is not a number"},
      {kBytes, "--1", "is not a number"},
      {kBytes, "nan", "is not a number"},
      {kBytes, "inf", "is not a number"},
      {kBytes, "18446744073709551616", "64 bits"},
      {kBytes, "16777216 TB", "64 bits"},
      {kBytes, "1e30", "64 bits"},
      {kBytes, "1e99999999", "exponent"},
      {kBytes, "123456789012345678901234567890", "too many digits"},
      {kBytes, "6\xc3\xa9", "not plain ASCII"},
      {kBytes,
       std::string("6\0"
                   "4",
                   3),
       "not plain ASCII"},
      {kBytes, std::string(65536, '9'), "characters long"},
      {kCount, "8.5M", "no unit"},
      {kCount, "2.5", "not a whole number"},
      {kCount, "1k", "no unit"},
      {kCount, "99999999999999999999", "64 bits"},
      {kSeconds, "2 fortnights", "no unit"},
      {kSeconds, "5ms", "not a whole number"},
      {kRatio, "nan", "is not a number"},
      {kRatio, "-inf", "is not a number"},
      {kRatio, "1e400", "exponent"},
      {kRatio, "10%", "percentage"},
      {kRatio, "0.1x", "no unit"},
      {kBool, "2", "true or false"},
      {kBool, "maybe", "true or false"},
      {kEnum, "kXpressCompression", "kLZ4Compression"},
      {kEnum, "k", "not available"},
      {Row(OptionType::kStruct), "{a=1}", "parts"},
      {Row(OptionType::kList), "1:2", "parts"},
      {Row(OptionType::kString), "x", "parts"},
  };
  for (const Bad& bad : cases) {
    EXPECT_THAT(
        ParseValue(bad.text, bad.row),
        IsError(absl::StatusCode::kInvalidArgument, bad.part_of_message))
        << bad.text.substr(0, 40);
    EXPECT_LT(ParseValue(bad.text, bad.row).status().message().size(), 400u);
  }
}

TEST(ValueParser, PrintsDoublesSoThatTheyReadBackTheSame) {
  for (double value : {0.1, 1.0 / 3, 0.25, 1e-9, 123456789.123456789, 10.0}) {
    EXPECT_EQ(NumberOf(FormatDouble(value)), value);
  }
  EXPECT_EQ(FormatDouble(0.1), "0.1");
}

TEST(ValueParser, ComparesDoublesByValueAndTheRestByText) {
  EXPECT_TRUE(SameValue("0.1", "0.100000"));
  EXPECT_TRUE(SameValue("10", "10.000000"));
  EXPECT_FALSE(SameValue("18446744073709551615", "18446744073709551614"));
  EXPECT_FALSE(SameValue("kZSTD", "kLZ4Compression"));
}

}  // namespace
}  // namespace rocktune
