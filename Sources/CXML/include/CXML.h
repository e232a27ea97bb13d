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

/// What a reader of HTML is told, in the order of the text. An element may end that never started, and start and never end.
struct atlas_html_events {
    void *_Nullable context;
    /// An element starts. `attributes` are names and values in turn, ended by NULL; a value may be NULL. Other than 0 stops.
    int (*_Nonnull start)(void *_Nullable context, const char *_Nonnull name, const char *_Nullable const *_Nullable attributes);
    void (*_Nonnull end)(void *_Nullable context, const char *_Nonnull name);
    /// Characters, entities resolved; a run of them may come in pieces. Other than 0 stops.
    int (*_Nonnull text)(void *_Nullable context, const char *_Nonnull text, size_t length);
};

/// Reads HTML in UTF-8 as libxml2 mends it. Reads no file and no network, knows no entities but HTML's own, and builds no tree.
/// - Returns: 1 read to its end, 0 stopped, -1 when libxml2 is missing.
int atlas_html_read(const char *_Nonnull text, size_t length, const struct atlas_html_events *_Nonnull events);

/// What a reader of XML is told, in the order of the text. `space` is the namespace's URI, or NULL.
struct atlas_xml_events {
    void *_Nullable context;
    /// An element starts. `label` is its attribute `name`, not ended by NUL, or NULL; the others are not told. Other than 0 stops.
    int (*_Nonnull start)(
        void *_Nullable context, const char *_Nonnull name, const char *_Nullable space, const char *_Nullable label,
        size_t label_length);
    void (*_Nonnull end)(void *_Nullable context);
    /// Characters, references resolved; a run of them may come in pieces. Other than 0 stops.
    int (*_Nonnull text)(void *_Nullable context, const char *_Nonnull text, size_t length);
};

/// Reads a document in which names have namespaces. Reads no file and no network, and builds no tree; a document type declaration
/// stops it, so that there are no entities but XML's own.
/// - Returns: 1 well-formed and read to its end, 0 not, -1 when libxml2 is missing.
int atlas_xml_read(const char *_Nonnull text, size_t length, const struct atlas_xml_events *_Nonnull events);

#endif
