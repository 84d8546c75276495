// Lenient reading of JSON that this repository wrote: a missing or strange
// member is "", 0 or empty.
#ifndef ROCKTUNE_BENCH_DEMO_JSON_READ_H_
#define ROCKTUNE_BENCH_DEMO_JSON_READ_H_

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <string>

namespace rocktune {

std::string TextOf(const boost::json::object& object, const char* key);
double NumberOf(const boost::json::object& object, const char* key);
// Valid as long as `object`, or for ever.
const boost::json::object& ObjectOf(const boost::json::object& object,
                                    const char* key);
const boost::json::array& ArrayOf(const boost::json::object& object,
                                  const char* key);

}  // namespace rocktune

#endif  // ROCKTUNE_BENCH_DEMO_JSON_READ_H_
