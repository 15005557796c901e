// report: the status of a channel as `joulery sensors` spells it.
#pragma once

#include "joulery/sensor.h"

namespace joulery {

inline const char* status_name(ChannelStatus status) {
  switch (status) {
    case ChannelStatus::kOk:
      return "ok";
    case ChannelStatus::kDenied:
      return "denied";
    case ChannelStatus::kUnavailable:
      return "unavailable";
  }
  return "unavailable";
}

}  // namespace joulery
