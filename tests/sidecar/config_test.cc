#include "rocktune/config.h"

#include <cstdlib>
#include <fstream>
#include <sstream>

#include "gmock/gmock.h"
#include "sidecar/config_fields.h"
#include "sidecar/config_units.h"
#include "tests/sidecar/history_fixture.h"

namespace rocktune {
namespace {

using testing::HasSubstr;
using testing::Not;

class ConfigTest : public testing::Test {
 protected:
  std::string Write(const std::string& text) {
    std::string path = folder_ / "a.toml";
    std::ofstream(path, std::ios::binary) << text;
    return path;
  }
  rocksdb::Status Load(const std::string& text) {
    return LoadConfig(Write(text), &config_);
  }

  ScratchFolder folder_;
  Config config_;
};

std::string ReadFile(const std::string& path) {
  std::stringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

std::string ExampleText() {
  return ReadFile(ROCKTUNE_SOURCE_DIR "/sidecar/rocktune.example.toml");
}

TEST_F(ConfigTest, ExampleHoldsEveryKeyWithItsDefault) {
  Config defaults;
  ASSERT_TRUE(Load(ExampleText()).ok());
  EXPECT_EQ(ConfigText(config_), ConfigText(defaults));
  std::string example = "\n" + ExampleText();
  for (const ConfigField& field : ConfigFields()) {
    const std::string key = field.key;  // "llm.model" stands under [llm]
    EXPECT_THAT(example,
                HasSubstr("\n" + key.substr(key.find('.') + 1) + " = "));
  }
}

TEST_F(ConfigTest, PinsOfTheExampleAreValid) {
  std::istringstream lines(ExampleText());
  std::string text, line;
  while (std::getline(lines, line)) {
    bool code = line.size() > 1 && line[0] == '#' && line[1] != ' ';
    text += (code ? line.substr(1) : line) + "\n";
  }
  rocksdb::Status status = Load(text);
  ASSERT_TRUE(status.ok()) << status.ToString();
  ASSERT_EQ(config_.pins.size(), 2u);
  EXPECT_EQ(config_.pins[0].min, "16 MiB");
  EXPECT_EQ(config_.pins[0].column_family, "default");
  EXPECT_TRUE(config_.pins[1].denied);
}

TEST_F(ConfigTest, ReadsEveryKindOfValue) {
  rocksdb::Status status = Load(R"(
mode = "auto"
state_dir = "/var/lib/\u00e4 \"b\""
viewer_uids = [0, 4294967295]
restart = "keep"
memory_budget_bytes = "1.5 GiB"
memory_fraction = 0.25
max_changes_per_trial = 2
window = "500ms"
measure_max = "1h30m"
guard_p99_ratio = 5
objective = "efficiency"
limits = ["get_p99 <= 5ms", "write_amplification <= 12"]
option_writes_per_hour = 60
[[pin]]
option = "max_background_jobs"
min = 2
max = 8
)");
  ASSERT_TRUE(status.ok()) << status.ToString();
  EXPECT_EQ(config_.mode, Mode::kAuto);
  EXPECT_EQ(config_.state_dir, "/var/lib/\xc3\xa4 \"b\"");
  EXPECT_EQ(config_.viewer_uids, (std::vector<uint32_t>{0, 4294967295u}));
  EXPECT_EQ(config_.restart, RestartPolicy::kKeep);
  EXPECT_EQ(config_.memory_budget_bytes, 1536ull << 20);
  EXPECT_EQ(config_.memory_fraction, 0.25);
  EXPECT_EQ(config_.window.count(), 500);
  EXPECT_EQ(config_.measure_max.count(), 5400);
  EXPECT_EQ(config_.guard_p99_ratio, 5.0);
  EXPECT_EQ(config_.objective, Objective::kEfficiency);
  EXPECT_EQ(config_.limits,
            (std::vector<std::string>{"get_p99 <= 5ms",
                                      "write_amplification <= 12"}));
  EXPECT_EQ(config_.option_writes_per_hour, 60);
  ASSERT_EQ(config_.pins.size(), 1u);
  EXPECT_EQ(config_.pins[0].max, "8");
  EXPECT_EQ(config_.baseline, Config().baseline);  // not in the file
}

TEST_F(ConfigTest, PrintsWhatItReads) {
  config_.state_dir = "a\"b\\c\nd\xc3\xa9";
  config_.mode = Mode::kObserve;
  config_.memory_budget_bytes = 12345;
  config_.viewer_uids = {1, 2};
  config_.objective = Objective::kP99;
  config_.limits = {"get_p99 <= 5ms", "write_p99 <= 1s"};
  config_.pins = {{"write_buffer_size", "cf", "1", "2", false},
                  {"compression", "", "", "", true}};
  Config read;
  rocksdb::Status status = LoadConfig(Write(ConfigText(config_)), &read);
  ASSERT_TRUE(status.ok()) << status.ToString();
  EXPECT_EQ(ConfigText(read), ConfigText(config_));
  EXPECT_EQ(read.state_dir, config_.state_dir);
}

TEST_F(ConfigTest, ReadsTheModelsTableAndPrintsNoValueOfAHeader) {
  ASSERT_TRUE(Load("[llm]\nprovider = \"ollama\"\nmodel = \"m\"\n"
                   "temperature = 0\ncall_limit = \"20s\"\n"
                   "headers = [\"X-Team: canary-5c1\"]")
                  .ok());
  EXPECT_EQ(config_.llm.provider, "ollama");
  EXPECT_EQ(config_.llm.call_limit, std::chrono::seconds(20));
  EXPECT_EQ(config_.llm.temperature, 0);
  EXPECT_EQ(config_.llm.calls_per_day, LlmConfig().calls_per_day);
  EXPECT_THAT(ConfigText(config_), HasSubstr("X-Team: (not shown)"));
  EXPECT_THAT(ConfigText(config_), Not(HasSubstr("canary")));
}

struct BadRow {
  const char* text;
  const char* message;  // a part of it, after the file's name
};
constexpr BadRow kBad[] = {
    {"\nmemory_fracton = 0.5", ":2: unknown key \"memory_fracton\" (did you"},
    {"zzz = 1", ":1: unknown key \"zzz\"; known are mode, state_dir"},
    {"mode = \"turbo\"", ":1: mode is the text \"turbo\", expected one of"},
    {"mode = 1", ":1: mode is a whole number, expected one of \"off\""},
    {"\n\nbaseline = 20", ":3: baseline is a whole number, expected a dur"},
    {"baseline = \"500ms\"", "whole seconds"},
    {"baseline = \"-5s\"", "expected a duration"},
    {"baseline = \"inf\"", "expected a duration"},
    {"baseline = \"2h\"", "baseline is \"2h\", expected a duration like"},
    {"window = \"50ms\"", "from 100ms to 1m"},
    {"memory_fraction = 1.5", "is 1.5, expected a number from 0.01 to 0.95"},
    {"memory_fraction = nan", "expected a number from 0.01"},
    {"memory_budget_bytes = \"64 apples\"", "expected a size like"},
    {"memory_budget_bytes = -1", "expected a size like"},
    {"max_changes_per_trial = 2.5", "is a number with a fraction"},
    {"max_changes_per_trial = 0", "from 1 to 16"},
    {"max_changes_per_trial = 99999999999", "from 1 to 16"},
    {"viewer_uids = [1, -1]", "viewer_uids is a list, expected a list of"},
    {"viewer_uids = 7", "viewer_uids is a whole number"},
    {"objective = \"speed\"", ":1: objective is the text \"speed\", expected"},
    {"limits = \"get_p99 <= 5ms\"",
     "limits is the text \"get_p99 <= 5ms\", ex"},
    {"limits = [5]", "limits is a list, expected a list of texts like"},
    {"\nlimits = [\"get_p99 <= 5ms\", \"fast\"]",
     ":2: limits: limit \"fast\": expected QUANTITY <= VALUE"},
    {"limits = [\"get_p98 <= 5ms\"]", "the nearest is \"get_p99\""},
    {"limits = [\"get_p99 <= 5 MB\"]", "is not a number with us, ms or s"},
    {"option_writes_per_hour = 0", "from 1 to 10000"},
    {"state_dir = \"a\\u0000b\"", "expected a path"},
    {"state_dir = 1979-05-27", "state_dir is a date or time"},
    {"measure_min = \"60s\"\nmeasure_max = \"30s\"", "at least measure_min"},
    {"trace_length = \"4s\"", "at least 20 times trace_length"},
    {"trace_bursts = 1", "expected true or false"},
    {"query_trace = \"on\"", "expected true or false"},
    {"[llm]\nmodell = \"m\"", ":2: unknown key \"llm.modell\" (did you mean"},
    {"llm = 1", ":1: unknown key \"llm\""},
    {"[lllm]\nmodel = \"m\"", ":1: unknown key \"lllm\""},
    {"[empty]", ":1: unknown key \"empty\""},
    {"[llm]\ncalls_per_day = -1", ":2: llm.calls_per_day is a whole number"},
    {"[llm]\nheaders = [\"no colon\"]", ":2: llm.headers: a header without"},
    {"[llm]\nprovider = \"olama\"\nmodel = \"m\"", "ollama"},
    {"[llm]\nprovider = \"openai\"", "model"},
    {"[llm]\nprovider = \"openai\"\nmodel = \"m\"\n"
     "base_url = \"http://example.com\"",
     "llm: "},
    {"[llm]\nprovider = \"ollama\"\nmodel = \"m\"\nca_file = \"/no/such\"",
     "/no/such"},
    {"[llm]\nprovider = \"ollama\"\nmodel = \"m\"\ndollars_per_day = 1.0",
     "price"},
    {"mode = ", ":1: "},
    {"mode = \"auto\"\nmode = \"off\"", ":2: "},
    {"[mode]\na = 1", ":1: mode is a table"},
    {"pin = 1", ":1: pin is a whole number, expected [[pin]] tables"},
    {"pin = [1]", "expected [[pin]] tables"},
    {"[[pin]]\noption = \"a\"", ":1: pin of \"a\": expected min, max"},
    {"[[pin]]\nmin = 1", "expected the name of an option"},
    {"[[pin]]\noption = \"a\"\nmin = 1\ndenied = true", "expected either"},
    {"[[pin]]\noption = \"a\"\ndeny = true", ":3: unknown key \"deny\""},
    {"[[pin]]\noption = \"a\"\ndenied = 1", ":3: denied is a whole number"},
};

TEST_F(ConfigTest, NamesFileLineAndWhatIsExpected) {
  for (const BadRow& row : kBad) {
    Config before = config_;
    rocksdb::Status status = Load(row.text);
    EXPECT_TRUE(status.IsInvalidArgument()) << row.text;
    EXPECT_THAT(status.ToString(), HasSubstr((folder_ / "a.toml") + ":"));
    EXPECT_THAT(status.ToString(), HasSubstr(row.message));
    EXPECT_EQ(ConfigText(config_), ConfigText(before)) << row.text;
  }
}

TEST_F(ConfigTest, SurvivesAHostileFile) {
  EXPECT_TRUE(Load("a = " + std::string(100'000, '[')).IsInvalidArgument());
  EXPECT_TRUE(Load("\xff\xfe\x00\x01").IsInvalidArgument());
  EXPECT_TRUE(Load(std::string(2 << 20, '#')).IsInvalidArgument());
  EXPECT_TRUE(LoadConfig(folder_ / "missing.toml", &config_).IsIOError());
  EXPECT_TRUE(LoadConfig(folder_ / ".", &config_).IsIOError());
}

TEST_F(ConfigTest, TakesModeFromTheEnvironmentOverTheFile) {
  setenv("ROCKTUNE_CONFIG", Write("mode = \"auto\"\nsettle = \"7s\"").c_str(),
         1);
  ASSERT_TRUE(LoadConfigFromEnvironment(&config_).ok());
  EXPECT_EQ(config_.mode, Mode::kAuto);
  setenv("ROCKTUNE_MODE", "observe", 1);
  ASSERT_TRUE(LoadConfigFromEnvironment(&config_).ok());
  EXPECT_EQ(config_.mode, Mode::kObserve);
  EXPECT_EQ(config_.settle.count(), 7);
  setenv("ROCKTUNE_MODE", "Auto", 1);
  rocksdb::Status status = LoadConfigFromEnvironment(&config_);
  EXPECT_TRUE(status.IsInvalidArgument());
  EXPECT_THAT(status.ToString(), HasSubstr("off, observe, suggest"));
  EXPECT_EQ(config_.mode, Mode::kObserve);
  unsetenv("ROCKTUNE_MODE");
  unsetenv("ROCKTUNE_CONFIG");
  ASSERT_TRUE(LoadConfigFromEnvironment(&config_).ok());
}

TEST_F(ConfigTest, ChecksWhatComesFromCodeToo) {
  EXPECT_TRUE(CheckConfig(Config()).ok());
  config_.memory_fraction = 2;
  EXPECT_THAT(CheckConfig(config_).ToString(),
              HasSubstr("memory_fraction is 2.0, expected a number from 0.01"));
  config_ = Config();
  config_.mode = static_cast<Mode>(9);
  EXPECT_TRUE(CheckConfig(config_).IsInvalidArgument());
  config_ = Config();
  config_.limits = {"get_p99 ="};
  EXPECT_THAT(CheckConfig(config_).ToString(), HasSubstr("limits: "));
  config_ = Config();
  config_.pins = {{"a", "", "", "", false}};
  EXPECT_TRUE(CheckConfig(config_).IsInvalidArgument());
}

TEST(ConfigUnits, ReadsSizesAsPeopleWriteThem) {
  EXPECT_EQ(ParseBytes("512"), 512u);
  EXPECT_EQ(ParseBytes(" 64 MiB "), 64u << 20);
  EXPECT_EQ(ParseBytes("64mb"), 64u << 20);
  EXPECT_EQ(ParseBytes("64M"), 64u << 20);
  EXPECT_EQ(ParseBytes("0.5k"), 512u);
  EXPECT_EQ(ParseBytes("12 B"), 12u);
  for (const char* bad : {"", "MiB", "-1", "1 MiBs", "1e3", "1.2.3 M", "i",
                          "18446744073709551616", "20000 P"}) {
    EXPECT_FALSE(ParseBytes(bad)) << bad;
  }
  for (uint64_t bytes : {0ull, 1ull, 1023ull, 1024ull, 1536ull, 3ull << 40}) {
    EXPECT_EQ(ParseBytes(FormatBytes(bytes)), bytes);
  }
  EXPECT_EQ(FormatBytes(64u << 20), "64 MiB");
}

}  // namespace
}  // namespace rocktune
