#include "tests/fakes/acts.h"

namespace rocktune::acts {
namespace {

constexpr uint64_t kHugeBytes = 256ull << 20;
constexpr uint64_t kEndless = ~0ull;

std::string Head(const std::string& fields) {
  return "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n" + fields +
         "\r\n";
}

Act Endless(std::string begin, std::string filler, uint64_t bytes) {
  Act act = Raw(std::move(begin));
  act.filler = std::move(filler);
  act.filler_bytes = bytes;
  return act;
}

Act Before(Act::Begin begin) {
  Act act;
  act.begin = begin;
  return act;
}

}  // namespace

Act Reply(int status, const std::string& body, const Headers& headers) {
  std::string text = "HTTP/1.1 " + std::to_string(status) + " Scripted\r\n";
  for (const auto& [name, value] : headers) {
    text += name + ": " + value + "\r\n";
  }
  text += "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n";
  return Raw(text + body);
}

Act Raw(std::string bytes, Act::End end) {
  Act act;
  act.reply = std::move(bytes);
  act.end = end;
  return act;
}

Act Presents(TestCertificate certificate) {
  Act act = Reply(200, "{}");
  act.certificate = certificate;
  return act;
}

Act BlackHole() { return Raw("", Act::End::kHold); }
Act SilentBeforeTls() { return Before(Act::Begin::kStaySilent); }
Act NoTls() {
  Act act = Raw("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
  act.begin = Act::Begin::kWithoutTls;
  return act;
}
Act ResetBeforeTls() { return Before(Act::Begin::kResetAtOnce); }
Act CloseUnread() { return Before(Act::Begin::kCloseUnread); }
Act CloseWithoutReply() { return Raw(""); }
Act ResetWithoutReply() { return Raw("", Act::End::kReset); }
Act HalfCloseWithoutReply() { return Raw("", Act::End::kHalfClose); }

Act SlowLoris() {
  Act act = Raw(Head("Content-Length: 100000\r\n") + std::string(100000, 'x'));
  act.byte_by_byte = true;
  return act;
}
Act StopsInHeaders() {
  return Raw("HTTP/1.1 200 OK\r\nContent-", Act::End::kHold);
}
Act StopsInBody() {
  return Raw(Head("Content-Length: 10\r\n") + "12345", Act::End::kHold);
}
Act ResetInBody() {
  return Raw(Head("Content-Length: 10\r\n") + "12345", Act::End::kReset);
}
Act HalfCloseInBody() {
  return Raw(Head("Content-Length: 10\r\n") + "12345", Act::End::kHalfClose);
}
Act TruncatedBody() { return Raw(Head("Content-Length: 10\r\n") + "12345"); }
Act CutOffAfterBody() {
  return Raw(Head("Content-Length: 5\r\n") + "12345", Act::End::kCutOff);
}
Act CutOffInsteadOfEnd() { return Raw(Head("") + "12345", Act::End::kCutOff); }
Act UntilClose() { return Raw(Head("") + "12345"); }

Act DuplicateLength() {
  return Raw(Head("Content-Length: 5\r\nContent-Length: 5\r\n") + "12345");
}
Act ConflictingLengths() {
  return Raw(Head("Content-Length: 5\r\nContent-Length: 3\r\n") + "12345");
}
Act LengthAndChunked() {
  return Raw(Head("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n") +
             "5\r\n12345\r\n0\r\n\r\n");
}
Act NegativeLength() { return Raw(Head("Content-Length: -5\r\n") + "12345"); }

Act Chunked() {
  return Raw(Head("Transfer-Encoding: chunked\r\n") +
             "2;note=1\r\n12\r\n3\r\n345\r\n0\r\n\r\n");
}
Act ChunkedGarbage() {
  return Raw(Head("Transfer-Encoding: chunked\r\n") + "zz\r\n12\r\n");
}
Act ChunkedWithoutEnd() {
  return Raw(Head("Transfer-Encoding: chunked\r\n") + "5\r\n12345\r\n");
}
Act EndlessChunkLine() {
  return Endless(Head("Transfer-Encoding: chunked\r\n") + "5;", "x", kEndless);
}
Act HugeChunks() {
  return Endless(Head("Transfer-Encoding: chunked\r\n"),
                 "1000\r\n" + std::string(0x1000, 'x') + "\r\n", kHugeBytes);
}
Act HugeBody() { return Endless(Head(""), "x", kHugeBytes); }
Act HugeLength() {
  return Endless(Head("Content-Length: " + std::to_string(kHugeBytes) + "\r\n"),
                 "x", kHugeBytes);
}
Act EndlessHeaders() {
  return Endless("HTTP/1.1 200 OK\r\n", "X-Filler: 0123456789\r\n", kEndless);
}
Act EndlessInterimReplies() {
  return Endless("", "HTTP/1.1 100 Continue\r\n\r\n", kEndless);
}
Act InterimReplyFirst() {
  return Raw("HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n" +
             Head("Content-Length: 5\r\n") + "12345");
}

Act Http10() {
  return Raw("HTTP/1.0 200 OK\r\nContent-Type: application/json\r\n\r\n12345");
}
Act NoHttp() { return Raw("SSH-2.0-OpenSSH_9.2\r\n\r\n"); }
Act BadStatus() {
  return Raw("HTTP/1.1 777 Lucky\r\nContent-Length: 0\r\n\r\n");
}
Act Redirect() {
  return Reply(307, "", {{"Location", "https://other.test/v1"}});
}
Act Compressed() {
  return Reply(200, "\x1f\x8b\x08", {{"Content-Encoding", "gzip"}});
}

Act RefusesTunnel(int status) {
  Act act;
  act.connect_reply =
      "HTTP/1.1 " + std::to_string(status) + " No\r\nContent-Length: 0\r\n\r\n";
  return act;
}

}  // namespace rocktune::acts
