import AtlasCore
import JSON
import Testing

@testable import atlas

struct ToolArgumentTests {
    private let schema: JSON = [
        "properties": [
            "name": ["type": "string"], "limit": ["type": "integer"], "share": ["type": "number"],
            "urgent": ["type": "boolean"], "tags": ["type": "array", "items": ["type": "string"]],
            "note": ["type": ["string", "null"]],
        ]
    ]

    @Test func textsBecomeWhatTheToolExpects() throws {
        let arguments = try ToolArguments(
            words: ["name=5", "limit=5", "share=0.5", "urgent=yes", "tags=a", "tags=b=c", "note=", "other=true"])
        #expect(
            try arguments.fitted(to: schema) == [
                "name": "5", "limit": 5, "share": 0.5, "urgent": true, "tags": ["a", "b=c"], "note": "",
                "other": "true",
            ])
        #expect(try ToolArguments(words: ["limit=many"]).fitted(to: schema) == ["limit": "many"])
    }

    @Test func jsonStaysAsItIs() throws {
        let arguments = try ToolArguments(
            words: ["name:=5", "x:={\"a\": [1]}"], document: Array(#"{"name": "y", "z": 1}"#.utf8))
        #expect(try arguments.fitted(to: schema) == ["name": 5, "z": 1, "x": ["a": [1]]])
    }

    @Test(arguments: ["name", "=x", "x:=", "x:={", ":=1"])
    func whatIsNoArgumentIsRefused(_ word: String) {
        #expect(throws: CommandFailure.self) { try ToolArguments(words: [word]) }
    }

    @Test func misspeltNamesLeadToTheNearest() {
        let tools = ["search_contacts", "get_contact", "send_email"]
        #expect(NearName.closest(to: "serch_contact", among: tools).first == "search_contacts")
        #expect(NearName.closest(to: "contact", among: tools) == ["get_contact", "search_contacts"])
        #expect(NearName.closest(to: "xyzzy", among: tools).isEmpty)
    }

    @Test func controlsOfTerminalsAreShownAndNotObeyed() {
        let json: JSON = ["a\u{9B}": ["\u{1B}[2J", "\u{7F}é", .object([:])]]
        #expect(json.readable == "{\n  \"a\\u009b\": [\n    \"\\u001b[2J\",\n    \"\\u007fé\",\n    {}\n  ]\n}")
        #expect(try! JSON(parsing: Array(json.readable.utf8)) == json)
    }

    @Test func aLookBackIsASpanOrAMoment() throws {
        let zone = BusinessTime(zone: .utc)
        #expect(try LookBack("2026-11-01", zone: zone).date.timeIntervalSince1970 == 1_793_491_200)
        #expect(try LookBack("2h", zone: zone).date < LookBack("1h", zone: zone).date)
        for text in ["", "h", "0d", "-1d", "yesterday", "5y"] {
            #expect(throws: CommandFailure.self) { try LookBack(text, zone: zone) }
        }
    }
}
