#include "bench/report/compare_page.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json/parse.hpp>

#include "bench/report/page.h"
#include "tests/bench/report/canned_cells.h"

namespace rocktune {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr char kHostile[] =
    "</script><script>alert(1)</script><!--\"'&<img src=x onerror=alert(2)>";

size_t Count(const std::string& text, const std::string& part) {
  size_t count = 0;
  for (size_t at = text.find(part); at != text.npos;
       at = text.find(part, at + 1)) {
    ++count;
  }
  return count;
}

// What a browser takes for the text of the element with the charts' numbers.
boost::json::object DataIn(const std::string& html) {
  const std::string open = "<script type=\"application/json\" id=\"data\">";
  const size_t begin = html.find(open) + open.size();
  return boost::json::parse(
             html.substr(begin, html.find("</script", begin) - begin))
      .as_object();
}

TEST(ComparePage, HasTheRatiosOfEveryContestant) {
  const std::string html = CompareHtml(CannedPlan(), CannedResults());
  EXPECT_THAT(html, HasSubstr("<b>2.00</b>"));
  EXPECT_THAT(html, HasSubstr("<b>1.40</b>"));
  EXPECT_THAT(html, HasSubstr("rocktune: 3 trials, 1 kept"));
  EXPECT_THAT(html, Not(HasSubstr("Cells with errors")));
}

TEST(ComparePage, ListsFailedAndRefusingCells) {
  std::vector<CellResult> results = CannedResults();
  results[1].error = "it would not open";
  results[2].failures = 17;
  const std::string html = CompareHtml(CannedPlan(), results);
  EXPECT_THAT(html, HasSubstr("guide: it would not open"));
  EXPECT_THAT(html, HasSubstr("rocktune: 17 operations refused"));
}

TEST(ComparePage, NeedsNoNetwork) {
  const std::string html = CompareHtml(CannedPlan(), CannedResults());
  EXPECT_THAT(html, HasSubstr("Chart.js v"));
  EXPECT_THAT(html, HasSubstr("default-src 'none'"));
  for (const char* part : {" src=\"", " href=\"", "@import", "url("}) {
    EXPECT_THAT(html, Not(HasSubstr(part)));
  }
}

TEST(ComparePage, LetsNoHostileTextOutOfItsPlace) {
  ComparePlan plan = CannedPlan();
  plan.contestants.push_back(kHostile);
  plan.workloads.push_back(kHostile);
  plan.devices.push_back(kHostile);
  std::vector<CellResult> results = CannedResults();
  results.push_back(CannedCell(kHostile, kHostile, kHostile, 100));
  results.back().error = kHostile;
  results.push_back(CannedCell("rocktune", kHostile, kHostile, 100));
  results.back().trials = {{1, 2, kHostile, kHostile, 0.1}};
  const std::string html = CompareHtml(plan, results);
  const std::string tame = CompareHtml(CannedPlan(), CannedResults());
  for (const char* part : {"<script", "</script", "<!--", "<img"}) {
    EXPECT_EQ(Count(html, part), Count(tame, part)) << part;
  }
  EXPECT_THAT(html, HasSubstr("&lt;/script&gt;"));
  EXPECT_EQ(DataIn(html).at("contestants").as_array().back(), kHostile);
}

TEST(ComparePage, ChartsTheLeastSeedThatIsThere) {
  std::vector<CellResult> results = CannedResults();
  for (CellResult& result : results) result.spec.seed = 7;
  std::vector<CellResult> more = CannedResults();
  for (CellResult& result : more) result.spec.seed = 3;
  results.insert(results.end(), more.begin(), more.end());
  const std::vector<ComparePlace> places = PlacesOf(CannedPlan(), results);
  ASSERT_EQ(places.size(), 4u);
  ASSERT_EQ(places[0].runs.size(), 3u);
  EXPECT_EQ(places[0].runs[0]->spec.seed, 3u);
  EXPECT_EQ(places[0].runs[2]->spec.contestant, "rocktune");
}

TEST(ComparePage, LeavesOutWhatDidNotRun) {
  std::vector<CellResult> results = {
      CannedCell("defaults", "ycsb-a", "nvme", 100)};
  results.push_back({});
  results.back().spec = results[0].spec;
  results.back().spec.contestant = "guide";
  results.back().error = "crashed";
  const boost::json::object data = CompareData(CannedPlan(), results);
  ASSERT_EQ(data.at("places").as_array().size(), 1u);
  EXPECT_EQ(data.at("places").at(0).as_array().size(), 1u);
  EXPECT_TRUE(data.at("bars").at(0).at("rows").at(1).at("ops").at(0).is_null());
}

TEST(ScriptJson, HoldsEveryTextUnchanged) {
  for (const std::string& text :
       {std::string(kHostile), std::string("\xe2\x80\xa8 \\u003c \\"),
        std::string("a\tb\nc")}) {
    const std::string json = ScriptJson(boost::json::string(text.c_str()));
    EXPECT_EQ(json.find_first_of("<>&\n"), json.npos) << json;
    EXPECT_EQ(boost::json::parse(json), text.c_str());
  }
}

}  // namespace
}  // namespace rocktune
