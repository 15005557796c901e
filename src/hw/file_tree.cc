// hw: kernel files of the real machine, see file_tree.h.
#include "hw/file_tree.h"
