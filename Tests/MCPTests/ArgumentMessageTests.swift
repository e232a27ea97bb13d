import JSON
import Testing

@testable import MCP

private struct LogVisit: Arguments {
    enum Kind: String, CaseIterable, ParameterValue { case call, visit, note }

    struct Guest: Arguments, ParameterValue {
        @Parameter("Who took part.", .notEmpty) var name: String
        @Parameter("Minutes they stayed.", .atLeast(0)) var minutes: Int?

        func validate() throws {
            if name == "Nobody" { throw ToolFailure(code: "invalid_argument", "nobody cannot take part") }
        }
    }

    @Parameter("The contact's id.", .length(1...36)) var contactID: String
    @Parameter("How we were in touch.") var visitType: Kind = .visit
    @Parameter("A full name") var fullName: String?
    @Parameter("Most to return.", .range(1...200)) var limit = 20
    @Parameter("How sure we are.", .range(0.0...1.0)) var confidence: Double?
    @Parameter("Labels.", .count(1...3), .each(.length(...5))) var tags: [String]?
    @Parameter("Who else was there.") var guests: [Guest] = []
    @Parameter("A number that is even.", .even) var even: Int?
    @Parameter("Facts.") var facts: JSON.Object?
    @Parameter("Whether it is done.") var done = true
}

extension Rule where Value == Int {
    fileprivate static var even: Rule {
        Rule {
            $0["multipleOf"] = 2
        } complaint: {
            $0.isMultiple(of: 2) ? nil : "must be even, got \($0)"
        }
    }
}

struct ArgumentMessageTests {
    @Test(
        "Each mistake is named with its path",
        arguments: [
            ([:], "contact_id is required: The contact's id."),
            (["contact_id": nil], "contact_id is required: The contact's id."),
            (["contact_id": "  "], "contact_id is required: The contact's id."),
            (["contact_id": 7], "contact_id must be a string, got 7."),
            (["contact_id": "a\u{0}b"], "contact_id must not contain a NUL character (U+0000)."),
            (
                ["contact_id": "1234567890123456789012345678901234567"],
                "contact_id must be 1 to 36 characters long, got 37."
            ),
            (["contact_id": "1", "visit_type": "fax"], #"visit_type must be one of call, visit, note, got "fax"."#),
            (["contact_id": "1", "limit": 500], "limit must be between 1 and 200, got 500."),
            (["contact_id": "1", "limit": "500"], "limit must be between 1 and 200, got 500."),
            (["contact_id": "1", "limit": 0], "limit must be between 1 and 200, got 0."),
            (["contact_id": "1", "limit": 1.5], "limit must be an integer, got 1.5."),
            (["contact_id": "1", "limit": "many"], #"limit must be an integer, got "many"."#),
            (["contact_id": "1", "limit": true], "limit must be an integer, got true."),
            (["contact_id": "1", "limit": 1e300], "limit must be an integer, got 1e+300."),
            (["contact_id": "1", "confidence": 2], "confidence must be between 0.0 and 1.0, got 2.0."),
            (["contact_id": "1", "confidence": "nan"], #"confidence must be a number, got "nan"."#),
            (["contact_id": "1", "done": "yes"], #"done must be true or false, got "yes"."#),
            (["contact_id": "1", "done": 1], "done must be true or false, got 1."),
            (["contact_id": "1", "tags": 5], "tags must be a list, got 5."),
            (["contact_id": "1", "tags": ["a", 5]], "tags[1] must be a string, got 5."),
            (["contact_id": "1", "tags": ["a", nil]], "tags[1] must be a string, got null."),
            (["contact_id": "1", "tags": "a,b,c,d"], "tags must have 1 to 3 items, got 4."),
            (["contact_id": "1", "tags": ["a", "toolong"]], "tags[1] must be at most 5 characters long, got 7."),
            (["contact_id": "1", "even": 3], "even must be even, got 3."),
            (["contact_id": "1", "facts": [1]], "facts must be an object, got [1]."),
            (["contact_id": "1", "facts": "{"], #"facts must be an object, got "{"."#),
            (["contact_id": "1", "guests": ["Bo"]], #"guests[0] must be an object, got "Bo"."#),
            (["contact_id": "1", "guests": [["name": "Bo"], [:]]], "guests[1].name is required: Who took part."),
            (
                ["contact_id": "1", "guests": [["name": "Bo", "minute": 1]]],
                "guests[0].minute is not a parameter of this tool; did you mean minutes?"
            ),
            (
                ["contact_id": "1", "guests": [["name": "Nobody"]]],
                "guests[0] is not valid: nobody cannot take part."
            ),
            (["contact_id": "1", "lmit": 2], "lmit is not a parameter of this tool; did you mean limit?"),
            (["contact_id": "1", "name": "A"], "name is not a parameter of this tool; did you mean full_name?"),
            (
                ["contact_id": "1", "contactID": "A"],
                #""contactID" is not a parameter of this tool; did you mean contact_id?"#
            ),
            (["contact_id": "1", "xyzzy": "A"], "xyzzy is not a parameter of this tool; the nearest is limit."),
        ] as [(JSON.Object, String)])
    func mistakesAreNamed(arguments: JSON.Object, message: String) {
        let error = #expect(throws: InvalidArguments.self) { try LogVisit(reading: arguments) }
        #expect(error?.description == message)
    }

    @Test func severalMistakesAreAListAndTheFirstIsToBlame() {
        let error = #expect(throws: InvalidArguments.self) {
            try LogVisit(reading: [
                "lmit": 3, "contact_id": "", "visit_type": "fax", "guests": [["name": "Bo"], ["minutes": -3]],
            ])
        }
        #expect(
            error?.description == """
                5 problems with the arguments:
                - lmit is not a parameter of this tool; did you mean limit?
                - contact_id is required: The contact's id.
                - visit_type must be one of call, visit, note, got "fax".
                - guests[1].name is required: Who took part.
                - guests[1].minutes must be at least 0, got -3.
                """)
        #expect(error?.failure == ToolFailure(code: "invalid_argument", error!.description, parameter: "lmit"))
    }

    @Test func theArgumentToBlameIsNamedAsTheSchemaDoes() {
        let error = #expect(throws: InvalidArguments.self) {
            try LogVisit(reading: ["contact_id": "1", "guests": [["minutes": 1]]])
        }
        #expect(error?.failure.parameter == "guests")
    }

    @Test func hostileArgumentsAreCutInTheAnswer() throws {
        let long = String(repeating: "é\u{202E}", count: 100_000)
        var arguments: JSON.Object = ["contact_id": "1", "visit_type": .string(long)]
        for index in 0..<1000 { arguments.append("\(long)\(index)", 1) }
        let error = #expect(throws: InvalidArguments.self) { try LogVisit(reading: arguments) }
        let message = try #require(error?.description)
        #expect(message.hasPrefix("1001 problems with the arguments:\n- \"é"))
        #expect(message.hasSuffix("\n- and 981 more."))
        #expect(message.utf8.count < 8000)
    }

    @Test func aToolWithoutParametersSaysSo() {
        struct Nothing: Arguments {}
        let error = #expect(throws: InvalidArguments.self) { try Nothing(reading: ["limit": 1]) }
        #expect(error?.description == "limit is not a parameter of this tool, which takes none.")
    }
}
