// net: GET against a server of this test, which answers as it is told to.
#include "net/http.h"

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <functional>
#include <thread>

#include "base/file.h"

namespace joulery {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

/// Takes one connection, keeps what was asked, and answers.
class Server {
 public:
  using Answer = std::function<void(int socket)>;

  explicit Server(Answer answer) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    EXPECT_EQ(::bind(socket_.get(), reinterpret_cast<sockaddr*>(&address), size), 0);
    EXPECT_EQ(::listen(socket_.get(), 1), 0);
    ::getsockname(socket_.get(), reinterpret_cast<sockaddr*>(&address), &size);
    url_ = "http://127.0.0.1:" + std::to_string(ntohs(address.sin_port)) + "/v3?zone=DE";
    thread_ = std::thread([this, answer = std::move(answer)] { serve(answer); });
  }
  ~Server() {
    ::shutdown(socket_.get(), SHUT_RDWR);  // where nobody came
    thread_.join();
  }
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  [[nodiscard]] const std::string& url() const { return url_; }
  [[nodiscard]] std::string asked() {
    ::shutdown(socket_.get(), SHUT_RDWR);
    thread_.join();
    thread_ = std::thread([] {});
    return asked_;
  }

 private:
  void serve(const Answer& answer) {
    const FileDescriptor client(::accept(socket_.get(), nullptr, nullptr));
    if (!client) return;
    std::string piece(4096, '\0');
    while (asked_.find("\r\n\r\n") == std::string::npos) {
      const ssize_t count = ::recv(client.get(), piece.data(), piece.size(), 0);
      if (count <= 0) return;
      asked_.append(piece, 0, static_cast<std::size_t>(count));
    }
    answer(client.get());
  }

  FileDescriptor socket_;
  std::string url_;
  std::string asked_;
  std::thread thread_;
};

bool put(int socket, const std::string& bytes) {
  return ::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL) > 0;
}

Server::Answer says(const std::string& bytes) {
  return [bytes](int socket) { put(socket, bytes); };
}

/// Until the other side has gone.
void wait_for_end(int socket) {
  char byte = 0;
  while (::recv(socket, &byte, 1, 0) > 0) {
  }
}

HttpRequest request_for(const Server& server) {
  HttpRequest request;
  request.url = server.url();
  request.secret_header = "auth-token: s3cret";
  return request;
}

std::string why_not(const HttpRequest& request) {
  const auto body = http_get(request);
  return body ? "was read" : body.error().message;
}

TEST(Get, GivesTheBodyAndSendsTheHeader) {
  Server server(says("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"));

  const auto body = http_get(request_for(server));

  ASSERT_TRUE(body) << body.error().message;
  EXPECT_EQ(*body, "{}");
  EXPECT_THAT(server.asked(), AllOf(HasSubstr("GET /v3?zone=DE"), HasSubstr("auth-token: s3cret")));
}

TEST(Get, OfAnErrorPageTellsTheStatusAndNotTheTokenThatItRepeats) {
  const Server server(says("HTTP/1.1 401 s3cret\r\nContent-Length: 16\r\n\r\nbad token s3cret"));

  const auto body = http_get(request_for(server));

  ASSERT_FALSE(body);
  EXPECT_EQ(body.error().code, ErrorCode::kDenied);
  EXPECT_THAT(body.error().message, AllOf(HasSubstr("HTTP 401"), Not(HasSubstr("s3cret"))));
}

TEST(Get, FollowsNoRedirect) {
  const Server server(
      says("HTTP/1.1 302 Found\r\nLocation: file:///etc/passwd\r\nContent-Length: 0\r\n\r\n"));

  EXPECT_THAT(why_not(request_for(server)), HasSubstr("a redirect, which is not followed"));
}

TEST(Get, RefusesAnAnswerThatIsShorterThanItSays) {
  const Server server(says("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{}"));

  EXPECT_THAT(why_not(request_for(server)), Not("was read"));
}

TEST(Get, EndsAtTheMostBytes) {
  const Server server([](int socket) {
    put(socket, "HTTP/1.1 200 OK\r\n\r\n");
    const std::string piece(1 << 16, 'x');
    for (int i = 0; i < 1 << 14 && put(socket, piece); ++i) {  // 1 GiB, were it taken
    }
  });
  HttpRequest request = request_for(server);
  request.most_bytes = 1 << 20;

  EXPECT_THAT(why_not(request), HasSubstr("larger"));
}

TEST(Get, EndsAtTheMostBytesOfAHeader) {
  const Server server([](int socket) {
    put(socket, "HTTP/1.1 200 OK\r\n");
    const std::string line = "x: " + std::string(1000, 'x') + "\r\n";
    for (int i = 0; i < 1 << 20 && put(socket, line); ++i) {  // 1 GB, were it taken
    }
  });

  EXPECT_THAT(why_not(request_for(server)), HasSubstr("larger"));
}

TEST(Get, EndsWhereNothingComes) {
  const Server server([](int socket) {
    put(socket, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{");
    wait_for_end(socket);
  });
  HttpRequest request = request_for(server);
  request.most_time = Seconds(0.2);

  EXPECT_THAT(why_not(request), HasSubstr("imeout"));
}

TEST(Get, RefusesWhatIsNoHttp) {
  const Server server(says("SSH-2.0-OpenSSH\r\n\r\n"));

  EXPECT_THAT(why_not(request_for(server)), Not("was read"));
}

TEST(Get, TakesHttpsAndPlainHttpOfThisMachineAlone) {
  for (const char* const url :
       {"http://example.org/", "file:///etc/passwd", "ftp://127.0.0.1/", "https://", "",
        "http://127.0.0.1@example.org/", "http://localhost.example.org/", "https://a/\r\nX: y",
        "http://[::1"}) {
    HttpRequest request;
    request.url = url;

    const auto body = http_get(request);

    ASSERT_FALSE(body) << url;
    EXPECT_EQ(body.error().code, ErrorCode::kUsage) << url;
  }
}

TEST(Get, RefusesATokenOfSeveralLinesWithoutSayingIt) {
  HttpRequest request;
  request.url = "http://127.0.0.1:1/";
  request.secret_header = "auth-token: s3cret\r\nHost: other";

  EXPECT_THAT(why_not(request), AllOf(HasSubstr("one line"), Not(HasSubstr("s3cret"))));
}

}  // namespace
}  // namespace joulery
