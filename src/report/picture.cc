// report: kinds of pictures, see picture.h.
#include "report/picture.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "base/file.h"
#include "joulery/report.h"

namespace joulery {
namespace {

struct Terminal {
  const char* suffix;
  const char* command;
};
constexpr std::array kTerminals = {
    Terminal{".svg", "svg size 900,500 noenhanced background rgb 'white'"},
    Terminal{".pdf", "pdfcairo size 18cm,10cm noenhanced"},
    Terminal{".png", "pngcairo size 1200,670 noenhanced"},
};

}  // namespace

Result<std::string> terminal_of(const std::string& path) {
  for (const Terminal& terminal : kTerminals)
    if (path.ends_with(terminal.suffix)) return std::string(terminal.command);
  return Error{ErrorCode::kUsage, "--plot " + path + ": the name must end in .svg, .pdf or .png"};
}

Result<void> write_picture(const std::string& path, const std::string& picture) {
  FileDescriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666));
  if (!file) return errno_error(path, "create", errno);
  JOULERY_CHECK(write_all(file.get(), picture, path));
  if (::close(file.release()) != 0) return errno_error(path, "close", errno);
  return {};
}

Result<void> check_plot_name(const std::string& path) {
  JOULERY_CHECK(terminal_of(path));
  return {};
}

}  // namespace joulery
