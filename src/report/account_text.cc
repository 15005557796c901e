// report: accounts as text, see joulery/report.h.
#include "joulery/report.h"
