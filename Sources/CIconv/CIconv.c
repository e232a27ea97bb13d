// Everything stands in the header; a target needs a source.
#include "CIconv.h"
