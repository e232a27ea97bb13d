// The files of templates/, embedded into the binary.
#ifndef ATLAS_CTEMPLATES_H
#define ATLAS_CTEMPLATES_H

typedef struct {
    const char *name; // "estimate_business.txt.mustache"
    const unsigned char *bytes;
    long count;
} AtlasTemplate;

/// How many there are.
long atlas_templates_count(void);
/// The one at `index`.
AtlasTemplate atlas_templates_at(long index);

#endif
