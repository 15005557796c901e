// session: see joulery/session.h.
#include "joulery/session.h"
