// base: marks the names that leave libjoulery; everything else stays hidden inside it.
#pragma once

#define JOULERY_EXPORT __attribute__((visibility("default")))
