#include "tests/fakes/test_ca.h"

#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <stdexcept>

namespace rocktune {
namespace {

constexpr long kDaySeconds = 24 * 3600;

struct Free {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  void operator()(X509* certificate) const { X509_free(certificate); }
  void operator()(BIO* bio) const { BIO_free(bio); }
};
using Key = std::unique_ptr<EVP_PKEY, Free>;
using Certificate = std::unique_ptr<X509, Free>;

void Check(bool works) {
  if (!works) throw std::runtime_error("OpenSSL cannot make a test CA");
}

struct Subject {
  std::string name;
  std::string alternative_names;  // "DNS:a, IP:b"; empty: an authority
  long begin_s = -kDaySeconds;    // from now
  long end_s = kDaySeconds;
};

struct Identity {
  Key key;
  Certificate certificate;
};

void AddExtension(X509* certificate, int id, const std::string& value) {
  X509_EXTENSION* extension =
      X509V3_EXT_conf_nid(nullptr, nullptr, id, value.c_str());
  Check(extension != nullptr);
  X509_add_ext(certificate, extension, -1);
  X509_EXTENSION_free(extension);
}

// Signed by `issuer`, or by itself without one.
Identity MakeIdentity(const Subject& subject, const Identity* issuer,
                      long serial) {
  Identity made;
  made.key.reset(EVP_EC_gen("P-256"));
  made.certificate.reset(X509_new());
  X509* certificate = made.certificate.get();
  Check(made.key != nullptr && certificate != nullptr);
  X509_set_version(certificate, X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate), serial);
  X509_gmtime_adj(X509_getm_notBefore(certificate), subject.begin_s);
  X509_gmtime_adj(X509_getm_notAfter(certificate), subject.end_s);
  X509_set_pubkey(certificate, made.key.get());
  X509_NAME* name = X509_get_subject_name(certificate);
  X509_NAME_add_entry_by_txt(
      name, "CN", MBSTRING_ASC,
      reinterpret_cast<const unsigned char*>(subject.name.c_str()), -1, -1, 0);
  X509_set_issuer_name(certificate,
                       issuer == nullptr
                           ? name
                           : X509_get_subject_name(issuer->certificate.get()));
  const bool authority = subject.alternative_names.empty();
  AddExtension(certificate, NID_basic_constraints,
               authority ? "critical,CA:TRUE" : "CA:FALSE");
  if (!authority) {
    AddExtension(certificate, NID_subject_alt_name, subject.alternative_names);
  }
  Check(X509_sign(certificate, (issuer == nullptr ? made : *issuer).key.get(),
                  EVP_sha256()) > 0);
  return made;
}

std::string ToPem(X509* certificate) {
  std::unique_ptr<BIO, Free> bio(BIO_new(BIO_s_mem()));
  Check(PEM_write_bio_X509(bio.get(), certificate) == 1);
  char* text = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &text);
  return std::string(text, static_cast<size_t>(size));
}

std::shared_ptr<SSL_CTX> MakeServerContext(const Identity& identity) {
  std::shared_ptr<SSL_CTX> context(SSL_CTX_new(TLS_server_method()),
                                   SSL_CTX_free);
  Check(context != nullptr &&
        SSL_CTX_use_certificate(context.get(), identity.certificate.get()) ==
            1 &&
        SSL_CTX_use_PrivateKey(context.get(), identity.key.get()) == 1);
  return context;
}

}  // namespace

TestCa::TestCa() {
  const std::string good =
      "DNS:localhost, DNS:provider.test, DNS:*.wild.test, IP:127.0.0.1, "
      "IP:127.0.0.2, IP:::1";
  const Identity ca = MakeIdentity({"Test CA", ""}, nullptr, 1);
  const Identity other = MakeIdentity({"Other CA", ""}, nullptr, 2);
  const struct {
    TestCertificate certificate;
    Subject subject;
    const Identity* issuer;
  } kRows[] = {
      {TestCertificate::kGood, {"good", good}, &ca},
      {TestCertificate::kWrongHost,
       {"wrong host", "DNS:other.test, IP:192.0.2.1"},
       &ca},
      {TestCertificate::kExpired,
       {"expired", good, -2 * kDaySeconds, -kDaySeconds},
       &ca},
      {TestCertificate::kNotYetValid,
       {"not yet", good, kDaySeconds, 2 * kDaySeconds},
       &ca},
      {TestCertificate::kSelfSigned, {"self-signed", good}, nullptr},
      {TestCertificate::kOtherCa, {"other", good}, &other},
  };
  long serial = 3;
  for (const auto& row : kRows) {
    contexts_[row.certificate] =
        MakeServerContext(MakeIdentity(row.subject, row.issuer, serial++));
  }
  pem_ = ToPem(ca.certificate.get());
}

ssl_ctx_st* TestCa::ServerContext(TestCertificate certificate) const {
  return contexts_.at(certificate).get();
}

}  // namespace rocktune
