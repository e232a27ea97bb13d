import JSON

// The form as the wire describes it, in the subset of JSON Schema that each revision allows.
extension Form {
    /// Whether clients of a revision can be asked this.
    func suits(_ revision: Revision) -> Bool {
        revision.hasRichForms || fields.allSatisfy { if case .choices = $0.kind { false } else { true } }
    }

    /// The parameters of `elicitation/create`.
    func request(_ message: String, _ revision: Revision) -> JSON {
        var request: JSON.Object = [:]
        if revision.hasRichForms { request.append("mode", "form") }
        request.append("message", .string(message))
        request.append("requestedSchema", schema(revision))
        return .object(request)
    }

    func schema(_ revision: Revision) -> JSON {
        var properties = JSON.Object()
        for field in fields { properties.append(field.name, field.schema(revision)) }
        var schema: JSON.Object = ["type": "object", "properties": .object(properties)]
        let required = fields.filter(\.isRequired).map { JSON.string($0.name) }
        if !required.isEmpty { schema.append("required", .array(required)) }
        return .object(schema)
    }
}

extension Form.Field {
    func schema(_ revision: Revision) -> JSON {
        var schema = JSON.Object()
        switch kind {
        case .text(let format, let length):
            schema.append("type", "string")
            if let format { schema.append("format", .string(format.rawValue)) }
            if let length {
                schema.append("minLength", .integer(length.lowerBound))
                schema.append("maxLength", .integer(length.upperBound))
            }
        case .integer(let range):
            schema.append("type", "integer")
            if let range {
                schema.append("minimum", .integer(range.lowerBound))
                schema.append("maximum", .integer(range.upperBound))
            }
        case .number(let range):
            schema.append("type", "number")
            if let range {
                schema.append("minimum", .number(range.lowerBound))
                schema.append("maximum", .number(range.upperBound))
            }
        case .flag: schema.append("type", "boolean")
        case .choice(let choices):
            schema.append("type", "string")
            if !choices.contains(where: { $0.value != $0.title }) {
                schema.append("enum", .array(choices.map { .string($0.value) }))
            } else if revision.hasRichForms {
                schema.append("oneOf", Self.titled(choices))
            } else {
                schema.append("enum", .array(choices.map { .string($0.value) }))
                schema.append("enumNames", .array(choices.map { .string($0.title) }))
            }
        case .choices(let choices, let count):
            schema.append("type", "array")
            schema.append("items", ["anyOf": Self.titled(choices)])
            if let count {
                schema.append("minItems", .integer(count.lowerBound))
                schema.append("maxItems", .integer(count.upperBound))
            }
        }
        if let title { schema.append("title", .string(title)) }
        if let description { schema.append("description", .string(description)) }
        // The first revision with forms knows a default for yes and no only.
        if let fallback, revision.hasRichForms || fallback.flag != nil { schema.append("default", fallback) }
        return .object(schema)
    }

    private static func titled(_ choices: [Form.Choice]) -> JSON {
        .array(choices.map { ["const": .string($0.value), "title": .string($0.title)] })
    }
}
