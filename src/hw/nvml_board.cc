// hw: listing and choosing NVIDIA boards; see nvml_board.h.
#include "hw/nvml_board.h"

#include <algorithm>
#include <set>

#include "base/text.h"

namespace joulery {
namespace {

constexpr unsigned kMostBoards = 256;  // more is a library gone wrong

/// A text property of a device; empty where it cannot be had.
template <class Function>
std::string text_of(Function* function, NvmlDevice device) {
  char text[96] = {};  // NVML_DEVICE_UUID_V2_BUFFER_SIZE
  if (function == nullptr || function(device, text, sizeof text) != kNvmlSuccess) return {};
  return text;
}

bool is_ga100(const NvmlApi& api, const NvmlBoard& board) {
  if (board.architecture != kNvmlAmpere) return false;
  int major = 0;
  int minor = 0;
  if (api.compute_capability != nullptr &&
      api.compute_capability(board.device, &major, &minor) == kNvmlSuccess)
    return major == 8 &&
           minor == 0;  // GA10x is 8.6 and 8.7: CUDA C++ Programming Guide, compute capabilities
  return board.name.find("A100") != std::string::npos ||
         board.name.find("A30") != std::string::npos;
}

NvmlBoard describe(const Nvml& nvml, unsigned index) {
  const NvmlApi& api = nvml.api();
  NvmlBoard board;
  if (const NvmlReturn code = api.device_by_index(index, &board.device); code != kNvmlSuccess) {
    board.failure = nvml.error(code, "nvmlDeviceGetHandleByIndex");
    return board;
  }
  board.uuid = text_of(api.uuid, board.device);
  if (board.uuid.empty())
    board.failure = Error{ErrorCode::kUnavailable, "nvmlDeviceGetUUID gives no UUID"};
  board.name = text_of(api.name, board.device);
  if (api.architecture == nullptr ||
      api.architecture(board.device, &board.architecture) != kNvmlSuccess)
    board.architecture = 0;
  board.ga100 = is_ga100(api, board);
  unsigned mig = 0;
  unsigned pending = 0;
  board.mig = api.mig_mode != nullptr &&
              api.mig_mode(board.device, &mig, &pending) == kNvmlSuccess && mig == 1;
  unsigned low_mw = 0;
  unsigned high_mw = 0;
  if (api.limit_range != nullptr &&
      api.limit_range(board.device, &low_mw, &high_mw) == kNvmlSuccess)
    board.max_limit = Watts(high_mw / 1000.0);
  return board;
}

/// NVML counts by PCI bus already (NVML API Reference, nvmlDeviceGetHandleByIndex); this holds
/// where it should not.
void sort_by_bus(const NvmlApi& api, std::vector<NvmlBoard>& boards) {
  std::vector<std::pair<std::uint64_t, std::size_t>> order;
  for (std::size_t i = 0; i < boards.size(); ++i) {
    NvmlPciInfo info{};
    if (boards[i].failure || api.pci_info == nullptr ||
        api.pci_info(boards[i].device, &info) != kNvmlSuccess)
      return;
    order.emplace_back((std::uint64_t{info.domain} << 32) | (info.bus << 8) | info.device, i);
  }
  std::stable_sort(order.begin(), order.end());
  std::vector<NvmlBoard> sorted;
  for (const auto& [bus, i] : order) sorted.push_back(std::move(boards[i]));
  boards = std::move(sorted);
}

std::string what_exists(const std::vector<NvmlBoard>& boards) {
  std::string text;
  for (std::size_t i = 0; i < boards.size(); ++i)
    text += (i == 0 ? "" : ", ") + std::to_string(i) + " (" +
            (boards[i].uuid.empty() ? "lost" : boards[i].uuid) + ")";
  return boards.empty() ? "there is no GPU" : "there are " + text;
}

/// The board of a MIG instance: R470 and later know it; older spell it
/// "MIG-GPU-UUID/instance/instance".
std::vector<std::size_t> find_mig_parent(const Nvml& nvml, const std::vector<NvmlBoard>& boards,
                                         const std::string& word) {
  const NvmlApi& api = nvml.api();
  NvmlDevice mig = nullptr;
  NvmlDevice parent = nullptr;
  const bool known = api.device_by_uuid != nullptr && api.parent_of_mig != nullptr &&
                     api.device_by_uuid(word.c_str(), &mig) == kNvmlSuccess &&
                     api.parent_of_mig(mig, &parent) == kNvmlSuccess;
  const std::string old_uuid = word.substr(4, word.find('/') - 4);
  std::vector<std::size_t> found;
  for (std::size_t i = 0; i < boards.size(); ++i)
    if (!boards[i].failure && (known ? boards[i].device == parent : boards[i].uuid == old_uuid))
      found.push_back(i);
  return found;
}

/// The boards that a word of the selection may mean.
std::vector<std::size_t> find_boards(const Nvml& nvml, const std::vector<NvmlBoard>& boards,
                                     const std::string& word) {
  if (word.starts_with("MIG-")) return find_mig_parent(nvml, boards, word);
  std::vector<std::size_t> found;
  if (const auto index = parse_integer(word)) {
    if (*index >= 0 && static_cast<std::size_t>(*index) < boards.size())
      found.push_back(static_cast<std::size_t>(*index));
    return found;
  }
  for (std::size_t i = 0; i < boards.size(); ++i) {
    if (boards[i].uuid == word) return {i};
    if (word.size() > 4 && boards[i].uuid.starts_with(word)) found.push_back(i);
  }
  return found;
}

std::vector<std::size_t> all_of(const std::vector<NvmlBoard>& boards) {
  std::vector<std::size_t> all(boards.size());
  for (std::size_t i = 0; i < all.size(); ++i) all[i] = i;
  return all;
}

}  // namespace

std::string nvml_component(const NvmlBoard& board, bool module) {
  return "gpu/" + board.uuid + (module ? "/module" : "/board");
}

Result<std::vector<NvmlBoard>> list_nvml_boards(const Nvml& nvml) {
  unsigned count = 0;
  if (const NvmlReturn code = nvml.api().device_count(&count); code != kNvmlSuccess)
    return nvml.error(code, "nvmlDeviceGetCount");
  std::vector<NvmlBoard> boards;
  for (unsigned i = 0; i < std::min(count, kMostBoards); ++i) boards.push_back(describe(nvml, i));
  sort_by_bus(nvml.api(), boards);
  return boards;
}

Result<std::vector<std::size_t>> select_nvml_boards(const Nvml& nvml,
                                                    const std::vector<NvmlBoard>& boards,
                                                    const GpuSelection& selection) {
  if (selection.none) return std::vector<std::size_t>();
  if (selection.devices.empty()) return all_of(boards);
  // Slurm counts the node's boards; with its device constraint the job sees its own alone, from 0.
  if (selection.origin == "SLURM_JOB_GPUS" && selection.devices.size() == boards.size())
    return all_of(boards);
  std::vector<std::size_t> chosen;
  for (const std::string& word : selection.devices) {
    const std::vector<std::size_t> found = find_boards(nvml, boards, word);
    if (found.size() == 1) {
      if (std::find(chosen.begin(), chosen.end(), found[0]) == chosen.end())
        chosen.push_back(found[0]);
      continue;
    }
    if (selection.origin == "CUDA_VISIBLE_DEVICES") break;
    if (selection.origin == "SLURM_JOB_GPUS") return all_of(boards);
    return Error{ErrorCode::kInvalid,
                 selection.origin + ": '" + word + "' names " +
                     (found.empty() ? "no GPU" : std::to_string(found.size()) + " GPUs") +
                     " here; " + what_exists(boards)};
  }
  return chosen;
}

bool may_mean_others(const std::vector<NvmlBoard>& boards, const GpuSelection& selection) {
  const auto is_index = [](const std::string& word) { return parse_integer(word).has_value(); };
  std::set<std::string> models;
  for (const NvmlBoard& board : boards)
    if (!board.failure) models.insert(board.name);
  return !selection.pci_order && models.size() > 1 &&
         std::any_of(selection.devices.begin(), selection.devices.end(), is_index);
}

}  // namespace joulery
