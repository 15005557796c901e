// sensor: every backend, in the order in which they are opened.
#include "joulery/sensor.h"
