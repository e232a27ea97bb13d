import JSON
import Testing

@testable import MCP

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

private enum Status: String, CaseIterable, ParameterValue { case active, archived }

private struct Everything: Arguments {
    struct Inner: Arguments, ParameterValue {
        @Parameter("Its name.") var name: String
    }

    @Parameter("A text.", .length(1...20)) var text: String
    @Parameter("A short text.", .length(...200)) var short: String?
    @Parameter("An address.", .format("email")) var email: String?
    @Parameter("A number.", .range(1...9)) var count = 1
    @Parameter("A ratio.", .atLeast(0.5)) var ratio: Double?
    @Parameter("A flag.") var flag = false
    @Parameter("A choice.") var status: Status = .active
    @Parameter("An id.") var contactID: UUID
    @Parameter("A time.") var occurredAt: Date?
    @Parameter("Labels.", .count(1...5), .each(.notEmpty)) var tags: [String] = []
    @Parameter("Choices.") var statuses: [Status]?
    @Parameter("An object.") var inner: Inner?
    @Parameter("Objects.") var inners: [Inner] = []
    @Parameter("Any JSON.") var anything: JSON?
    @Parameter("Any object.") var facts: JSON.Object?
}

struct InputSchemaTests {
    private static let inner: JSON = [
        "type": "object", "properties": ["name": ["type": "string", "description": "Its name."]],
        "required": ["name"], "additionalProperties": false,
    ]

    @Test(
        "The schema says what the parameter says",
        arguments: [
            ("text", ["type": "string", "description": "A text.", "minLength": 1, "maxLength": 20]),
            ("short", ["type": "string", "description": "A short text.", "maxLength": 200]),
            ("email", ["type": "string", "description": "An address.", "format": "email"]),
            ("count", ["type": "integer", "description": "A number.", "minimum": 1, "maximum": 9, "default": 1]),
            ("ratio", ["type": "number", "description": "A ratio.", "minimum": 0.5]),
            ("flag", ["type": "boolean", "description": "A flag.", "default": false]),
            (
                "status",
                ["type": "string", "enum": ["active", "archived"], "description": "A choice.", "default": "active"]
            ),
            ("contact_id", ["type": "string", "format": "uuid", "description": "An id."]),
            ("occurred_at", ["type": "string", "format": "date-time", "description": "A time."]),
            (
                "tags",
                [
                    "type": "array", "items": ["type": "string", "minLength": 1], "description": "Labels.",
                    "minItems": 1, "maxItems": 5, "default": [],
                ]
            ),
            (
                "statuses",
                [
                    "type": "array", "items": ["type": "string", "enum": ["active", "archived"]],
                    "description": "Choices.",
                ]
            ),
            (
                "inner",
                [
                    "type": "object", "properties": ["name": ["type": "string", "description": "Its name."]],
                    "required": ["name"], "additionalProperties": false, "description": "An object.",
                ]
            ),
            ("inners", ["type": "array", "items": inner, "description": "Objects.", "default": []]),
            ("anything", ["description": "Any JSON."]),
            ("facts", ["type": "object", "description": "Any object."]),
        ] as [(String, JSON)])
    func aPropertyIsDescribed(name: String, schema: JSON) {
        #expect(Everything.inputSchema["properties"]?[name] == schema)
    }

    @Test func theWholeIsAClosedObjectInTheOrderOfDeclaration() {
        let schema = Everything.inputSchema
        #expect(schema.names == ["type", "properties", "required", "additionalProperties"])
        #expect(schema["type"] == "object")
        #expect(schema["required"] == ["text", "contact_id"])
        #expect(schema["additionalProperties"] == false)
        #expect(schema["properties"]?.object?.names.prefix(4) == ["text", "short", "email", "count"])
    }

    @Test func nothingRequiredIsLeftOut() {
        struct Nothing: Arguments {}
        #expect(Nothing.inputSchema == ["type": "object", "properties": [:], "additionalProperties": false])
    }
}
