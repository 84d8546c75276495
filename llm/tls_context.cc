#include "llm/tls_context.h"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

#include <cstring>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

namespace rocktune {
namespace {

// The first reason OpenSSL noted on this thread, which is the cause of those
// after it; leaves none behind, because whoever looks next would take them for
// its own.
std::string Reason() {
  const unsigned long code = ERR_peek_error();
  ERR_clear_error();
  if (ERR_SYSTEM_ERROR(code)) return std::strerror(ERR_GET_REASON(code));
  const char* reason = ERR_reason_error_string(code);
  return reason == nullptr ? "cannot be read" : reason;
}

}  // namespace

void FreeTls::operator()(ssl_ctx_st* context) const { SSL_CTX_free(context); }
void FreeTls::operator()(ssl_st* session) const { SSL_free(session); }

absl::StatusOr<TlsContext> TlsContext::Make(const std::string& ca_file) {
  ERR_clear_error();
  Context context(SSL_CTX_new(TLS_client_method()));
  if (context == nullptr ||
      SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION) != 1) {
    return absl::ResourceExhaustedError(absl::StrCat("no TLS: ", Reason()));
  }
  SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER, nullptr);
  const int loaded =
      ca_file.empty()
          ? SSL_CTX_set_default_verify_paths(context.get())
          : SSL_CTX_load_verify_file(context.get(), ca_file.c_str());
  if (loaded != 1) {
    return absl::FailedPreconditionError(
        absl::StrCat("CA file ", ca_file.empty() ? "of the system" : ca_file,
                     ": ", Reason()));
  }
  ERR_clear_error();
  return TlsContext(std::move(context));
}

absl::StatusOr<TlsSession> TlsContext::NewSession(
    const std::string& host) const {
  TlsSession session(SSL_new(context_.get()));
  if (session == nullptr) {
    return absl::ResourceExhaustedError(absl::StrCat("no TLS: ", Reason()));
  }
  X509_VERIFY_PARAM* rules = SSL_get0_param(session.get());
  bool set = X509_VERIFY_PARAM_set1_ip_asc(rules, host.c_str()) == 1;
  if (!set && !host.empty()) {  // a name, then
    // "f*.example.com" is a wildcard that no authority should sign.
    X509_VERIFY_PARAM_set_hostflags(rules,
                                    X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    set = X509_VERIFY_PARAM_set1_host(rules, host.data(), host.size()) == 1 &&
          SSL_set_tlsext_host_name(session.get(), host.c_str()) == 1;
  }
  ERR_clear_error();
  if (!set) {
    return absl::InvalidArgumentError(
        absl::StrCat("no certificate can name the host \"", host, "\""));
  }
  return session;
}

std::string CertificateTrouble(const ssl_st* session) {
  const long result = SSL_get_verify_result(session);
  return result == X509_V_OK ? "" : X509_verify_cert_error_string(result);
}

}  // namespace rocktune
