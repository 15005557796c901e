// ledger: see joulery/ledger.h.
#include "joulery/ledger.h"
