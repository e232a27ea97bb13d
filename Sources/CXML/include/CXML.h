// libxml2, opened on first use, as libpq is: most servers never read XML, and its libraries (ICU among them) cost every start.
#ifndef ATLAS_CXML_H
#define ATLAS_CXML_H

#include <stddef.h>

/// Whether `text` is a well-formed XML document. Reads no file and no network, and expands no entity: a document type declaration
/// is refused.
/// - Parameter root: takes the name of the root element, cut to fit.
/// - Parameter problem: takes what is wrong, in libxml2's words, cut to fit.
/// - Returns: 1 well-formed, 0 not, -1 when libxml2 is missing.
int atlas_xml_is_well_formed(
    const char *_Nonnull text, size_t length, char *_Nonnull root, size_t root_size, char *_Nonnull problem, size_t problem_size);

#endif
