#include "CXML.h"

#include <dlfcn.h>
#include <libxml/HTMLparser.h>
#include <libxml/parser.h>
#include <libxml/tree.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#define FUNCTIONS(X)                                                                                                        \
    X(xmlNewParserCtxt) X(xmlFreeParserCtxt) X(xmlCtxtReadMemory) X(xmlFreeDoc) X(xmlDocGetRootElement) X(xmlCtxtGetLastError)  \
    X(xmlInitParser) X(xmlStopParser)
// A libxml2 may be built without them, and still read XML.
#define HTML_FUNCTIONS(X) X(htmlNewParserCtxt) X(htmlFreeParserCtxt) X(htmlCtxtReadMemory)

static struct {
#define X(name) __typeof__(&name) name;
    FUNCTIONS(X)
    HTML_FUNCTIONS(X)
#undef X
} xml;
static bool opened, reads_html;
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
#define X(name)                                                                                                             \
    if (!(xml.name = (__typeof__(&name))dlsym(library, #name))) return;
    HTML_FUNCTIONS(X)
#undef X
    reads_html = true;
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

struct reading {
    const struct atlas_html_events *events;
    xmlParserCtxtPtr parser;
    bool stopped;
};

// The parser goes on for a little after it was told to stop.
static void stop_if(struct reading *reading, int told) {
    if (!told) return;
    reading->stopped = true;
    xml.xmlStopParser(reading->parser);
}

static void start_element(void *context, const xmlChar *name, const xmlChar **attributes) {
    struct reading *reading = context;
    if (reading->stopped || !name) return;
    const struct atlas_html_events *events = reading->events;
    stop_if(reading, events->start(events->context, (const char *)name, (const char *const *)attributes));
}

static void end_element(void *context, const xmlChar *name) {
    struct reading *reading = context;
    if (reading->stopped || !name) return;
    reading->events->end(reading->events->context, (const char *)name);
}

static void characters(void *context, const xmlChar *text, int length) {
    struct reading *reading = context;
    if (reading->stopped || length <= 0) return;
    const struct atlas_html_events *events = reading->events;
    stop_if(reading, events->text(events->context, (const char *)text, (size_t)length));
}

int atlas_html_read(const char *text, size_t length, const struct atlas_html_events *events) {
    pthread_once(&once, open_once);
    if (!reads_html) return -1;
    if (length > 1 << 24) return 0;
    struct reading reading = {.events = events, .parser = xml.htmlNewParserCtxt()};
    if (!reading.parser) return -1;
    // With no handler that builds one there is no tree: memory is the input and the stack of open elements.
    *reading.parser->sax = (xmlSAXHandler){
        .startElement = start_element,
        .endElement = end_element,
        .characters = characters,
        .ignorableWhitespace = characters,
    };
    reading.parser->userData = &reading;
    int options = HTML_PARSE_RECOVER | HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING | HTML_PARSE_NONET | HTML_PARSE_NODEFDTD |
                  HTML_PARSE_IGNORE_ENC | HTML_PARSE_COMPACT;
    xmlDocPtr document = xml.htmlCtxtReadMemory(reading.parser, text, (int)length, NULL, "UTF-8", options);
    if (document) xml.xmlFreeDoc(document);
    xml.htmlFreeParserCtxt(reading.parser);
    return reading.stopped ? 0 : 1;
}

struct xml_reading {
    const struct atlas_xml_events *events;
    xmlParserCtxtPtr parser;
    bool stopped;
};

static void xml_stop_if(struct xml_reading *reading, int told) {
    if (!told) return;
    reading->stopped = true;
    xml.xmlStopParser(reading->parser);
}

static void xml_start(
    void *context, const xmlChar *name, const xmlChar *prefix, const xmlChar *space, int spaces, const xmlChar **declared,
    int attributes, int defaulted, const xmlChar **values) {
    struct xml_reading *reading = context;
    (void)prefix, (void)spaces, (void)declared, (void)defaulted;
    if (reading->stopped || !name) return;
    const char *label = NULL;
    size_t length = 0;
    // Five pointers each: name, prefix, namespace, and both ends of the value.
    for (int i = 0; values && i < attributes; i++, values += 5) {
        if (values[1] || strcmp((const char *)values[0], "name") != 0) continue;
        label = (const char *)values[3];
        length = (size_t)(values[4] - values[3]);
    }
    xml_stop_if(
        reading, reading->events->start(reading->events->context, (const char *)name, (const char *)space, label, length));
}

static void xml_end(void *context, const xmlChar *name, const xmlChar *prefix, const xmlChar *space) {
    struct xml_reading *reading = context;
    (void)name, (void)prefix, (void)space;
    if (!reading->stopped) reading->events->end(reading->events->context);
}

static void xml_characters(void *context, const xmlChar *text, int length) {
    struct xml_reading *reading = context;
    if (reading->stopped || length <= 0) return;
    xml_stop_if(reading, reading->events->text(reading->events->context, (const char *)text, (size_t)length));
}

static void xml_doctype(void *context, const xmlChar *name, const xmlChar *external, const xmlChar *system) {
    (void)name, (void)external, (void)system;
    xml_stop_if(context, 1);
}

int atlas_xml_read(const char *text, size_t length, const struct atlas_xml_events *events) {
    pthread_once(&once, open_once);
    if (!opened) return -1;
    if (length > 1 << 28) return 0;
    struct xml_reading reading = {.events = events, .parser = xml.xmlNewParserCtxt()};
    if (!reading.parser) return -1;
    *reading.parser->sax = (xmlSAXHandler){
        .initialized = XML_SAX2_MAGIC,
        .startElementNs = xml_start,
        .endElementNs = xml_end,
        .characters = xml_characters,
        .ignorableWhitespace = xml_characters,
        .cdataBlock = xml_characters,
        .internalSubset = xml_doctype,
    };
    reading.parser->userData = &reading;
    // The size of texts is the caller's to bound; there are no entities that could make them grow.
    int options = XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING | XML_PARSE_HUGE;
    xmlDocPtr document = xml.xmlCtxtReadMemory(reading.parser, text, (int)length, NULL, NULL, options);
    if (document) xml.xmlFreeDoc(document);
    int answer = reading.parser->wellFormed && !reading.stopped;
    xml.xmlFreeParserCtxt(reading.parser);
    return answer;
}
