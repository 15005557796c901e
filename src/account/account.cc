// account: trace + place + job to energy, see joulery/account.h.
#include "joulery/account.h"
