// site: a place from flags and configuration, see joulery/site.h.
#include "joulery/site.h"
