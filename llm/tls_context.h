// Whom we trust and how a TLS session is made: OpenSSL's part, free of any
// socket.
#ifndef ROCKTUNE_LLM_TLS_CONTEXT_H_
#define ROCKTUNE_LLM_TLS_CONTEXT_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"

struct ssl_ctx_st;  // SSL_CTX
struct ssl_st;      // SSL

namespace rocktune {

struct FreeTls {
  void operator()(ssl_ctx_st* context) const;
  void operator()(ssl_st* session) const;
};
using TlsSession = std::unique_ptr<ssl_st, FreeTls>;

// Sessions of TLS 1.2 or newer that trust the system's authorities, or those
// of one file. Immutable once made; thread-compatible. Changes nothing that
// the process's other users of OpenSSL see.
class TlsContext {
 public:
  // `ca_file` is a file of PEM certificates that replaces the system's
  // authorities; empty: the system's. FailedPrecondition with the path when it
  // cannot be read or holds no certificate: tell the operator.
  static absl::StatusOr<TlsContext> Make(const std::string& ca_file);

  // A client's session that accepts only a certificate for `host`, a name
  // (then sent as SNI too) or an address. ResourceExhausted without memory,
  // InvalidArgument when no certificate could ever carry such a name.
  absl::StatusOr<TlsSession> NewSession(const std::string& host) const;

 private:
  using Context = std::unique_ptr<ssl_ctx_st, FreeTls>;
  explicit TlsContext(Context context) : context_(std::move(context)) {}

  Context context_;
};

// Why the peer's certificate was refused, in words; empty when it was not.
std::string CertificateTrouble(const ssl_st* session);

}  // namespace rocktune

#endif  // ROCKTUNE_LLM_TLS_CONTEXT_H_
