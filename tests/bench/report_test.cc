#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "bench/demo/report_chart.h"
#include "bench/demo/report_html.h"
#include "tests/bench/canned_record.h"

namespace rocktune {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

// The first fault of the nesting, or "".
std::string NestingFault(const std::string& page) {
  std::vector<std::string> open;
  for (size_t at = page.find('<'); at != std::string::npos;
       at = page.find('<', at + 1)) {
    const size_t end = page.find('>', at);
    if (end == std::string::npos) return "a tag does not end";
    const std::string tag = page.substr(at + 1, end - at - 1);
    if (tag.front() == '!' || tag.back() == '/') continue;
    if (tag.front() != '/') {
      open.push_back(tag.substr(0, tag.find_first_of(" \n")));
    } else if (open.empty() || open.back() != tag.substr(1)) {
      return "<" + tag + "> closes " + (open.empty() ? "nothing" : open.back());
    } else {
      open.pop_back();
    }
  }
  return open.empty() ? "" : open.back() + " stays open";
}

TEST(Report, NestsItsTags) {
  EXPECT_EQ(NestingFault(ReportHtml(CannedRecord())), "");
}

TEST(Report, StandsWithNothingRecorded) {
  const std::string page = ReportHtml(DemoRecord());
  EXPECT_EQ(NestingFault(page), "");
  EXPECT_THAT(page, Not(HasSubstr("nan")));
  EXPECT_THAT(page, Not(HasSubstr("inf,")));
}

TEST(Report, EscapesEveryText) {
  const std::string page = ReportHtml(CannedRecord());
  EXPECT_THAT(page, Not(HasSubstr("<script")));
  EXPECT_THAT(page, Not(HasSubstr("<load>")));
  EXPECT_THAT(page, Not(HasSubstr("<end>")));
  EXPECT_THAT(page, HasSubstr("&lt;script&gt;alert(&quot;x&quot;)"));
  EXPECT_THAT(page, HasSubstr("closed &amp; bolted"));
}

TEST(Report, NeedsNothingFromElsewhere) {
  const std::string page = ReportHtml(CannedRecord());
  for (const char* outside : {"src=", "href=", "@import", "url("}) {
    EXPECT_THAT(page, Not(HasSubstr(outside)));
  }
}

TEST(Report, ShowsEveryTrialWithItsVerdict) {
  const std::string page = ReportHtml(CannedRecord());
  EXPECT_THAT(page, HasSubstr("class=\"trial kept\""));
  EXPECT_THAT(page, HasSubstr("class=\"trial regressed\""));
  EXPECT_THAT(page, HasSubstr("8 MiB → 64 MiB"));
  EXPECT_THAT(page, HasSubstr("+50.0 % [+40.0, +60.0]"));
}

TEST(AxisTicks, AreRoundAndCoverTheTop) {
  EXPECT_THAT(AxisTicks(9, 5), ElementsAre(0, 2, 4, 6, 8, 10));
  EXPECT_THAT(AxisTicks(100, 5), ElementsAre(0, 20, 40, 60, 80, 100));
  for (const double top : {0.03, 1.0, 7.7, 49.9, 312.0, 1e6}) {
    const std::vector<double> ticks = AxisTicks(top, 5);
    EXPECT_GE(ticks.back(), top);
    EXPECT_LE(ticks.size(), 6u);
    EXPECT_GE(ticks.size(), 2u);
  }
  EXPECT_EQ(AxisTicks(0, 5).back(), 1);
}

}  // namespace
}  // namespace rocktune
