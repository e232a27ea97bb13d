import JSON

/// Checks a value against the part of JSON Schema that our tools use.
enum SchemaCheck {
    static func complaints(about value: JSON, against schema: JSON, at path: String = "$") -> [String] {
        var complaints: [String] = []
        if let type = schema["type"] {
            let types = type.items?.compactMap(\.text) ?? [type.text!]
            if !types.contains(where: { isOf($0, value) }) { complaints.append("\(path) is not of type \(type)") }
        }
        if let choices = schema["enum"]?.items, !choices.contains(value) {
            complaints.append("\(path) is none of \(choices)")
        }
        switch value {
        case .object(let object):
            for name in schema["required"]?.items?.compactMap(\.text) ?? [] where object[name] == nil {
                complaints.append("\(path).\(name) is missing")
            }
            for member in object.members {
                let known = schema["properties"]?[member.name] ?? schema["additionalProperties"]
                guard let known, known.object != nil else { continue }
                complaints += self.complaints(about: member.value, against: known, at: "\(path).\(member.name)")
            }
        case .array(let items):
            for (index, item) in items.enumerated() {
                complaints += self.complaints(about: item, against: schema["items"] ?? [:], at: "\(path)[\(index)]")
            }
        default: break
        }
        return complaints
    }

    private static func isOf(_ type: String, _ value: JSON) -> Bool {
        switch (type, value) {
        case ("null", .null), ("boolean", .bool), ("integer", .integer), ("number", .integer), ("number", .number),
            ("string", .string), ("array", .array), ("object", .object):
            true
        default: false
        }
    }
}
