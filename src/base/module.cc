// base: opening modules, see module.h.
#include "base/module.h"

#include <dlfcn.h>
#include <unistd.h>

#include <array>

namespace joulery {
namespace {

std::string folder_of_program() {
  std::array<char, 4096> path{};
  const ssize_t size = ::readlink("/proc/self/exe", path.data(), path.size());
  const std::string program(path.data(), size > 0 ? static_cast<std::size_t>(size) : 0);
  return program.substr(0, program.rfind('/'));
}

}  // namespace

void CloseLibrary::operator()(void* library) const { ::dlclose(library); }

Result<Library> open_module(const std::string& name) {
  constexpr int kFlags = RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE;
  std::string tried;
  for (const char* folder : {"/../lib/joulery/", "/../" JOULERY_LIBDIR "/joulery/"}) {
    const std::string path = folder_of_program() + folder + name + ".so";
    if (Library library{::dlopen(path.c_str(), kFlags)}) return library;
    const char* const reason = ::dlerror();
    tried += std::string(tried.empty() ? "" : "; ") + (reason == nullptr ? path : reason);
  }
  return Error{ErrorCode::kUnavailable, tried};
}

const void* symbol_of(const Library& library, const char* name) {
  return ::dlsym(library.get(), name);
}

}  // namespace joulery
