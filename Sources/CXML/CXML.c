#include "CXML.h"

#include <dlfcn.h>
#include <libxml/parser.h>
#include <libxml/tree.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#define FUNCTIONS(X)                                                                                                        \
    X(xmlNewParserCtxt) X(xmlFreeParserCtxt) X(xmlCtxtReadMemory) X(xmlFreeDoc) X(xmlDocGetRootElement) X(xmlCtxtGetLastError)  \
    X(xmlInitParser)

static struct {
#define X(name) __typeof__(&name) name;
    FUNCTIONS(X)
#undef X
} xml;
static bool opened;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void open_once(void) {
    static const char *const names[] = {
#if defined(__APPLE__)
        "libxml2.2.dylib", "/usr/lib/libxml2.2.dylib",
#else
        "libxml2.so.2", "libxml2.so.16",
#endif
    };
    void *library = NULL;
    for (unsigned i = 0; i < sizeof names / sizeof *names && !library; i++) library = dlopen(names[i], RTLD_NOW | RTLD_LOCAL);
    if (!library) return;
#define X(name)                                                                                                             \
    if (!(xml.name = (__typeof__(&name))dlsym(library, #name))) return;
    FUNCTIONS(X)
#undef X
    xml.xmlInitParser();
    opened = true;
}

int atlas_xml_is_well_formed(
    const char *text, size_t length, char *root, size_t root_size, char *problem, size_t problem_size) {
    pthread_once(&once, open_once);
    if (!opened || length > 1 << 24) return opened ? 0 : -1;
    root[0] = problem[0] = 0;
    xmlParserCtxtPtr context = xml.xmlNewParserCtxt();
    if (!context) return -1;
    int options = XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING | XML_PARSE_NOCDATA;
    xmlDocPtr document = xml.xmlCtxtReadMemory(context, text, (int)length, NULL, "UTF-8", options);
    int answer = 0;
    if (document && document->intSubset) {
        snprintf(problem, problem_size, "it has a document type declaration");
    } else if (document) {
        xmlNodePtr element = xml.xmlDocGetRootElement(document);
        const char *prefix = element && element->ns ? (const char *)element->ns->prefix : NULL;
        if (element && element->name)
            snprintf(root, root_size, "%s%s%s", prefix ? prefix : "", prefix ? ":" : "", (const char *)element->name);
        answer = 1;
    } else {
        const xmlError *error = xml.xmlCtxtGetLastError(context);
        snprintf(problem, problem_size, "%s", error && error->message ? error->message : "it is no XML");
        problem[strcspn(problem, "\n")] = 0;
    }
    if (document) xml.xmlFreeDoc(document);
    xml.xmlFreeParserCtxt(context);
    return answer;
}
