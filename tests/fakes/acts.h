// What a scripted provider does with one connection: a row of a script.
#ifndef ROCKTUNE_TESTS_FAKES_ACTS_H_
#define ROCKTUNE_TESTS_FAKES_ACTS_H_

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "tests/fakes/test_ca.h"

namespace rocktune {

struct Act {
  // Before the reply.
  enum class Begin {
    kReadRequest,  // as any server
    kStaySilent,   // accepts and says nothing, not even TLS
    kWithoutTls,   // sends the reply at once, where TLS should begin
    kResetAtOnce,  // before TLS
    kCloseUnread,  // after TLS, before the request
  };
  // After the reply.
  enum class End {
    kClose,      // politely
    kCutOff,     // TLS without its farewell
    kReset,      // the packets in flight are lost
    kHalfClose,  // sends no more, still reads
    kHold,       // says nothing more, stays connected
  };

  Begin begin = Begin::kReadRequest;
  TestCertificate certificate = TestCertificate::kGood;
  // As a proxy: the answer to CONNECT; another status than 200 ends the act.
  std::string connect_reply = "HTTP/1.1 200 Connection established\r\n\r\n";
  std::string reply;          // the bytes
  uint64_t filler_bytes = 0;  // follow them: `filler` again and again
  std::string filler = "x";
  bool byte_by_byte = false;  // slowly
  End end = End::kClose;
};

// Each makes one act; the names say what a client sees.
namespace acts {

using Headers = std::vector<std::pair<std::string, std::string>>;

// A whole reply with its Content-Length.
Act Reply(int status, const std::string& body, const Headers& headers = {});
Act Raw(std::string bytes, Act::End end = Act::End::kClose);
Act Presents(TestCertificate certificate);  // then replies 200

Act BlackHole();        // reads the request, never answers
Act SilentBeforeTls();  // accepts, never answers
Act NoTls();            // plain text where TLS should begin
Act ResetBeforeTls();
Act CloseUnread();  // after TLS, before the request
Act CloseWithoutReply();
Act ResetWithoutReply();
Act HalfCloseWithoutReply();
Act SlowLoris();       // a good reply, one byte now and then
Act StopsInHeaders();  // and stays connected
Act StopsInBody();     // and stays connected
Act ResetInBody();
Act HalfCloseInBody();
Act TruncatedBody();       // closes politely before Content-Length
Act CutOffAfterBody();     // a whole reply, then TLS without its farewell
Act CutOffInsteadOfEnd();  // no Content-Length, no farewell either
Act UntilClose();          // no Content-Length: a good reply of old
Act DuplicateLength();     // twice the same
Act ConflictingLengths();
Act LengthAndChunked();
Act NegativeLength();
Act Chunked();  // a good reply
Act ChunkedGarbage();
Act ChunkedWithoutEnd();  // closes politely before the last chunk
Act EndlessChunkLine();
Act HugeChunks();  // 256 MiB
Act HugeBody();    // 256 MiB, no Content-Length
Act HugeLength();  // 256 MiB, with Content-Length
Act EndlessHeaders();
Act EndlessInterimReplies();
Act InterimReplyFirst();  // 103, then a good reply
Act Http10();             // a good reply of HTTP/1.0
Act NoHttp();             // garbage
Act BadStatus();
Act Redirect();    // to another host
Act Compressed();  // gzip that nobody asked for

// A proxy that answers CONNECT with that status.
Act RefusesTunnel(int status);

}  // namespace acts

}  // namespace rocktune

#endif  // ROCKTUNE_TESTS_FAKES_ACTS_H_
