#include "CTemplates.h"

#include <stddef.h>

long atlas_templates_count(void) { return 0; }

AtlasTemplate atlas_templates_at(long index) {
    (void)index;
    return (AtlasTemplate){NULL, NULL, 0};
}
