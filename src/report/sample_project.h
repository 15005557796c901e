// report: a fixed account of a project, with one of everything that a report has to show.
#pragma once

#include "joulery/project.h"

namespace joulery {

ProjectAccount sample_project();

}  // namespace joulery
