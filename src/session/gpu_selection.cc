// session: which GPUs belong to the job, from the flag or from what the scheduler and CUDA were
// told.
#include <algorithm>
#include <cctype>
#include <cstdlib>

#include "base/text.h"
#include "joulery/session.h"

namespace joulery {
namespace {

bool is_device(std::string_view word) {
  const auto is_digit = [](unsigned char c) { return std::isdigit(c) != 0; };
  if (!word.empty() && word.size() <= 4 && std::all_of(word.begin(), word.end(), is_digit))
    return true;
  const bool uuid = word.rfind("GPU-", 0) == 0 || word.rfind("MIG-", 0) == 0;
  const auto is_plain = [](unsigned char c) {
    return std::isalnum(c) != 0 || c == '-' || c == '/';
  };
  return uuid && word.size() > 4 && word.size() <= 80 &&
         std::all_of(word.begin(), word.end(), is_plain);
}

std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> words;
  for (const std::string_view word : split(text, ',')) words.emplace_back(trim(word));
  return words;
}

// CUDA ends its list at the first word that is no device ("-1"), and sees none where that is the
// first. It counts the fastest first unless told otherwise (CUDA C++ Programming Guide,
// "Environment Variables").
GpuSelection as_cuda_reads(std::string_view text) {
  const char* const order = ::secure_getenv("CUDA_DEVICE_ORDER");
  GpuSelection selection{.devices = {},
                         .pci_order = order != nullptr && std::string_view(order) == "PCI_BUS_ID",
                         .origin = "CUDA_VISIBLE_DEVICES"};
  for (const std::string& word : words_of(text)) {
    if (!is_device(word)) break;
    selection.devices.push_back(word);
  }
  selection.none = selection.devices.empty();
  return selection;
}

// Slurm writes "0,2" and, in some versions, ranges: "0-3".
std::vector<std::string> expand_ranges(const std::vector<std::string>& words) {
  constexpr std::int64_t kMostGpus = 256;  // of one node; bounds a hostile range
  std::vector<std::string> out;
  for (const std::string& word : words) {
    const std::size_t dash = word.find('-');
    const auto first = parse_integer(word.substr(0, dash));
    const auto last = dash == std::string::npos ? first : parse_integer(word.substr(dash + 1));
    if (!first || !last || *first < 0 || *last < *first || *last >= kMostGpus) return {};
    for (std::int64_t i = *first; i <= *last; ++i) out.push_back(std::to_string(i));
  }
  return out;
}

}  // namespace

Result<GpuSelection> find_gpu_selection(const std::string& flag) {
  if (flag == "all") return GpuSelection{.devices = {}, .origin = "--gpus"};
  if (!flag.empty()) {
    const std::vector<std::string> words = words_of(flag);
    for (const std::string& word : words)
      if (!is_device(word))
        return Error{ErrorCode::kUsage, "--gpus: \"" + word +
                                            "\" is neither an index nor a UUID; for example " +
                                            "--gpus 0,2 or --gpus GPU-1b2c3d4e or --gpus all"};
    return GpuSelection{.devices = words, .origin = "--gpus"};
  }
  const char* const cuda = ::secure_getenv("CUDA_VISIBLE_DEVICES");
  if (cuda != nullptr) return as_cuda_reads(cuda);
  const char* const slurm = ::secure_getenv("SLURM_JOB_GPUS");
  if (slurm != nullptr) {
    std::vector<std::string> devices = expand_ranges(words_of(slurm));
    if (!devices.empty())
      return GpuSelection{.devices = std::move(devices), .origin = "SLURM_JOB_GPUS"};
  }
  return GpuSelection{};
}

}  // namespace joulery
