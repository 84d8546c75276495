// An authority of its own for tests: makes itself and certificates good and
// bad at start, in memory, in milliseconds.
#ifndef ROCKTUNE_TESTS_FAKES_TEST_CA_H_
#define ROCKTUNE_TESTS_FAKES_TEST_CA_H_

#include <map>
#include <memory>
#include <string>

struct ssl_ctx_st;  // SSL_CTX

namespace rocktune {

enum class TestCertificate {
  // localhost, provider.test, *.wild.test, 127.0.0.1, 127.0.0.2, ::1.
  kGood,
  kWrongHost,  // other.test and 192.0.2.1
  kExpired,
  kNotYetValid,
  kSelfSigned,  // as kGood, but nobody vouches for it
  kOtherCa,     // as kGood, by an authority that nobody knows
};

// Immutable once made, so that several threads may use it.
class TestCa {
 public:
  TestCa();

  // The authority's certificate: the contents of a CA file.
  const std::string& pem() const { return pem_; }

  // For a server with that certificate. Owned by *this.
  ssl_ctx_st* ServerContext(TestCertificate certificate) const;

 private:
  std::string pem_;
  std::map<TestCertificate, std::shared_ptr<ssl_ctx_st>> contexts_;
};

}  // namespace rocktune

#endif  // ROCKTUNE_TESTS_FAKES_TEST_CA_H_
