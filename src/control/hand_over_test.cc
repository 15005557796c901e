#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>

#include "joulery/control.h"

namespace joulery {
namespace {

using ::testing::HasSubstr;

using Command = std::vector<std::string>;

TEST(HandOver, IsRefusedHoweverItIsWrapped) {
  const std::vector<std::pair<Command, const char*>> cases = {
      {{"srun", "python", "train.py"}, "srun"},
      {{"/usr/bin/srun", "-N2", "x"}, "srun"},
      {{"sbatch", "job.sh"}, "sbatch"},
      {{"salloc", "-N1", "x"}, "salloc"},
      {{"mpirun", "-H", "a,b", "x"}, "mpirun -H"},
      {{"mpirun", "-np", "4", "--hostfile", "hosts", "x"}, "mpirun --hostfile"},
      {{"mpiexec", "--host=a", "x"}, "mpiexec --host=a"},
      {{"mpiexec.hydra", "-f", "hosts", "x"}, "mpiexec.hydra -f"},
      {{"env", "A=1", "srun", "x"}, "srun"},
      {{"env", "-u", "A", "-i", "srun", "x"}, "srun"},
      {{"A=1", "srun", "x"}, "srun"},
      {{"nohup", "srun", "x"}, "srun"},
      {{"time", "-p", "srun", "x"}, "srun"},
      {{"time", "-o", "file", "srun", "x"}, "srun"},
      {{"timeout", "-k", "5", "10m", "srun", "x"}, "srun"},
      {{"nice", "-n", "5", "nohup", "env", "A=1", "srun", "x"}, "srun"},
      {{"chrt", "-b", "0", "srun", "x"}, "srun"},
      {{"xargs", "-n", "1", "srun", "x"}, "srun"},
      {{"bash", "-c", "srun"}, "srun"},
      {{"bash", "-lc", "cd /x && A=1 exec srun -N2 x"}, "srun"},
      {{"sh", "-e", "-c", "'srun' x; echo done"}, "srun"},
      {{"env", "bash", "-c", "nohup sbatch x &"}, "sbatch"},
      {{"bash", "-o", "pipefail", "-c", "srun x | tee log"}, "srun"},
      {{"bash", "-c", "if true; then srun x; fi"}, "srun"},
      {{"bash", "-c", "while ! srun x; do sleep 1; done"}, "srun"},
      {{"ssh", "other", "x"}, "ssh"},
  };
  for (const auto& [command, named] : cases) {
    const auto checked = check_stays_here(command);

    ASSERT_FALSE(checked) << testing::PrintToString(command);
    EXPECT_EQ(checked.error().code, ErrorCode::kUsage);
    EXPECT_THAT(checked.error().message, HasSubstr(named)) << testing::PrintToString(command);
    EXPECT_THAT(checked.error().message, HasSubstr("nothing was started"));
  }
}

TEST(HandOver, OfACommandThatStaysIsNotSeen) {
  const std::vector<Command> cases = {
      {"python", "train.py", "--launcher", "srun"},
      {"mpirun", "-np", "4", "python", "train.py"},
      {"mpirun", "-np", "2", "python", "train.py", "-f", "train.yaml"},
      {"mpirun", "python", "serve.py", "--host", "0.0.0.0"},
      {"./srun.py"},
      {"env", "A=srun", "python"},
      {"bash", "-c", "echo srun"},
      {"bash", "srun", "-c", "x"},
      {"bash", "-c"},
      {"bash", "-o", "pipefail", "job.sh", "-c", "srun"},
      {"env"},
      {"timeout", "5"},
      {},
  };
  for (const Command& command : cases)
    EXPECT_TRUE(check_stays_here(command)) << testing::PrintToString(command);
}

TEST(HandOver, ByMpirunIsSeenInsideAJobOfSeveralNodes) {
  ::setenv("SLURM_JOB_NUM_NODES", "2", 1);
  const auto on_two = check_stays_here({"mpirun", "-np", "4", "x"});
  ::setenv("SLURM_JOB_NUM_NODES", "1", 1);
  const auto on_one = check_stays_here({"mpirun", "-np", "4", "x"});
  ::unsetenv("SLURM_JOB_NUM_NODES");

  EXPECT_FALSE(on_two);
  EXPECT_TRUE(on_one);
}

}  // namespace
}  // namespace joulery
