import Testing

@testable import MCP

struct NameTests {
    @Test(
        arguments: [
            ("limit", "limit"), ("fullName", "full_name"), ("contactID", "contact_id"), ("phoneE164", "phone_e164"),
            ("businessContextID", "business_context_id"), ("mediaURLs", "media_urls"), ("HTMLBody", "html_body"),
            ("bodyHTML", "body_html"), ("already_snake", "already_snake"), ("", ""), ("URLsSeen", "urls_seen"),
            ("hasMore", "has_more"), ("caféNoir", "café_noir"), ("sha256Sum", "sha256_sum"),
        ])
    func aPropertyIsNamedInSnakeCase(property: String, name: String) {
        #expect(property.snakeCased == name)
    }

    @Test(arguments: [("search_contacts", "Search contacts"), ("ping", "Ping"), ("", "")])
    func aToolHasATitle(name: String, title: String) {
        #expect(name.titled == title)
    }

    @Test(
        arguments: [
            ("lmit", "limit", true), ("id", "contact_id", true), ("name", "full_name", true), ("emial", "email", true),
            ("zip", "zip_code", true), ("something_else", "contact_id", false),
        ])
    func theParameterMeantIsFound(written: String, meant: String, isNear: Bool) {
        let nearest = written.nearest(among: ["contact_id", "full_name", "email", "zip_code", "notes", "limit"])
        #expect(nearest?.isNear == isNear)
        if isNear { #expect(nearest?.name == meant) }
    }

    @Test(arguments: ["", "Upper", "with-dash", "1st", "é", String(repeating: "a", count: 65)])
    func aNameThatSomeClientRefusesIsNone(name: String) {
        #expect(!name.isWireName)
    }
}
