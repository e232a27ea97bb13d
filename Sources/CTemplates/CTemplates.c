#include "CTemplates.h"

#pragma clang diagnostic ignored "-Wc23-extensions"

// A new file in templates/ gets three lines and one in the table; a test compares the table with the folder.
static const unsigned char appointment_cancelled_html[] = {
#embed "../../templates/appointment_cancelled.html.mustache"
};
static const unsigned char appointment_cancelled_subject[] = {
#embed "../../templates/appointment_cancelled.subject.mustache"
};
static const unsigned char appointment_cancelled_txt[] = {
#embed "../../templates/appointment_cancelled.txt.mustache"
};
static const unsigned char appointment_confirmed_html[] = {
#embed "../../templates/appointment_confirmed.html.mustache"
};
static const unsigned char appointment_confirmed_subject[] = {
#embed "../../templates/appointment_confirmed.subject.mustache"
};
static const unsigned char appointment_confirmed_txt[] = {
#embed "../../templates/appointment_confirmed.txt.mustache"
};
static const unsigned char appointment_moved_html[] = {
#embed "../../templates/appointment_moved.html.mustache"
};
static const unsigned char appointment_moved_subject[] = {
#embed "../../templates/appointment_moved.subject.mustache"
};
static const unsigned char appointment_moved_txt[] = {
#embed "../../templates/appointment_moved.txt.mustache"
};
static const unsigned char estimate_business_html[] = {
#embed "../../templates/estimate_business.html.mustache"
};
static const unsigned char estimate_business_subject[] = {
#embed "../../templates/estimate_business.subject.mustache"
};
static const unsigned char estimate_business_txt[] = {
#embed "../../templates/estimate_business.txt.mustache"
};
static const unsigned char estimate_residential_html[] = {
#embed "../../templates/estimate_residential.html.mustache"
};
static const unsigned char estimate_residential_subject[] = {
#embed "../../templates/estimate_residential.subject.mustache"
};
static const unsigned char estimate_residential_txt[] = {
#embed "../../templates/estimate_residential.txt.mustache"
};
static const unsigned char proposal_business_html[] = {
#embed "../../templates/proposal_business.html.mustache"
};
static const unsigned char proposal_business_subject[] = {
#embed "../../templates/proposal_business.subject.mustache"
};
static const unsigned char proposal_business_txt[] = {
#embed "../../templates/proposal_business.txt.mustache"
};
static const unsigned char proposal_residential_html[] = {
#embed "../../templates/proposal_residential.html.mustache"
};
static const unsigned char proposal_residential_subject[] = {
#embed "../../templates/proposal_residential.subject.mustache"
};
static const unsigned char proposal_residential_txt[] = {
#embed "../../templates/proposal_residential.txt.mustache"
};

#define T(array, name) { name, array, sizeof array }
static const AtlasTemplate all[] = {
    T(appointment_cancelled_html, "appointment_cancelled.html.mustache"),
    T(appointment_cancelled_subject, "appointment_cancelled.subject.mustache"),
    T(appointment_cancelled_txt, "appointment_cancelled.txt.mustache"),
    T(appointment_confirmed_html, "appointment_confirmed.html.mustache"),
    T(appointment_confirmed_subject, "appointment_confirmed.subject.mustache"),
    T(appointment_confirmed_txt, "appointment_confirmed.txt.mustache"),
    T(appointment_moved_html, "appointment_moved.html.mustache"),
    T(appointment_moved_subject, "appointment_moved.subject.mustache"),
    T(appointment_moved_txt, "appointment_moved.txt.mustache"),
    T(estimate_business_html, "estimate_business.html.mustache"),
    T(estimate_business_subject, "estimate_business.subject.mustache"),
    T(estimate_business_txt, "estimate_business.txt.mustache"),
    T(estimate_residential_html, "estimate_residential.html.mustache"),
    T(estimate_residential_subject, "estimate_residential.subject.mustache"),
    T(estimate_residential_txt, "estimate_residential.txt.mustache"),
    T(proposal_business_html, "proposal_business.html.mustache"),
    T(proposal_business_subject, "proposal_business.subject.mustache"),
    T(proposal_business_txt, "proposal_business.txt.mustache"),
    T(proposal_residential_html, "proposal_residential.html.mustache"),
    T(proposal_residential_subject, "proposal_residential.subject.mustache"),
    T(proposal_residential_txt, "proposal_residential.txt.mustache"),
};

long atlas_templates_count(void) { return sizeof all / sizeof *all; }
AtlasTemplate atlas_templates_at(long index) { return all[index]; }
