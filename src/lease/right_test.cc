// lease: containers, in which a lease would protect nobody.
#include <gmock/gmock.h>

#include "lease/machine.h"

namespace joulery {
namespace {

using testing::HasSubstr;

constexpr const char* kDirectory = "/run/joulery/leases";
const Surroundings kMachine{"user:[4026531837]", "pid:[4026531836]", true};

TEST(Container, IsNotTheMachineItself) { EXPECT_EQ(container_reason(kMachine, kDirectory), ""); }

TEST(Container, IsKnownByWhatItCannotSee) {
  Surroundings users = kMachine;
  users.users = "user:[4026532601]";
  Surroundings processes = kMachine;
  processes.processes = "pid:[4026532602]";
  Surroundings directory = kMachine;
  directory.sees_hosts_directory = false;

  EXPECT_THAT(container_reason(users, kDirectory), HasSubstr("users of its own"));
  EXPECT_THAT(container_reason(processes, kDirectory), HasSubstr("processes of its own"));
  EXPECT_THAT(container_reason(directory, kDirectory), HasSubstr(kDirectory));
  EXPECT_NE(container_reason({}, kDirectory), "");
}

TEST(Container, DoesNotHinderASysroot) {
  EXPECT_FALSE(find_missing_right("/tmp/machine", kDirectory));
}

}  // namespace
}  // namespace joulery
