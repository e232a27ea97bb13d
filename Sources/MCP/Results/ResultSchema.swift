import JSON

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Describes `Codable` types as JSON Schema by rehearsing their decoding.
///
/// A type asks the rehearsal for each of its properties; the rehearsal notes the name and type, and answers with a stand-in
/// value. Types seen before are remembered. Objects stay open (`additionalProperties` is left out), so that fields can be added;
/// every property is required, and null if it is optional. Only one that the type looks for before it decodes it may be missing.
package final class ResultSchema {
    typealias Part = (schema: JSON.Object, standIn: Any)

    private var known: [ObjectIdentifier: Part] = [:]
    private var underWay: Set<ObjectIdentifier> = []

    package init() {}

    /// - Throws: ``Indescribable``, or what the type throws when it dislikes its stand-ins.
    package func describe<Value: Decodable>(_ type: Value.Type) throws -> JSON.Object {
        try rehearse(type).schema
    }

    func rehearse<Value: Decodable>(_ type: Value.Type) throws -> (schema: JSON.Object, standIn: Value) {
        let id = ObjectIdentifier(type)
        if let (schema, standIn) = known[id] ?? Self.leaf(type) { return (schema, standIn as! Value) }

        guard underWay.insert(id).inserted else { throw Indescribable("\(type) contains itself") }
        defer { underWay.remove(id) }
        let note = RehearsalNote(type: type)
        let standIn = try Value(from: Rehearsal(schemas: self, note: note))
        known[id] = (note.schema, standIn)
        return (note.schema, standIn)
    }

    private static func leaf(_ type: Any.Type) -> Part? {
        switch type {
        case is String.Type: (["type": "string"], "")
        case is Bool.Type: (["type": "boolean"], false)
        case is Int.Type: (["type": "integer"], 0)
        case is Double.Type: (["type": "number"], 0.0)
        case is Date.Type: (["type": "string", "format": "date-time"], Date(timeIntervalSince1970: 0))
        case is UUID.Type:
            (["type": "string", "format": "uuid"], UUID(uuid: (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)))
        case is JSON.Type: ([:], JSON.null)
        case is JSON.Object.Type: (["type": "object"], JSON.Object())
        case is URL.Type: (["type": "string", "format": "uri"], URL(string: "about:blank")!)
        case is Decimal.Type: (["type": "string", "pattern": #"^-?\d+(\.\d+)?$"#], Decimal(0))
        default: nil
        }
    }

    /// The same schema, with null allowed.
    static func nullable(_ schema: JSON.Object) -> JSON.Object {
        var schema = schema
        if case .string? = schema["type"] { schema["type"] = [schema["type"]!, "null"] }
        if case .array(let choices)? = schema["enum"], !choices.contains(.null) {
            schema["enum"] = .array(choices + [.null])
        }
        return schema
    }

    /// A result type that no schema can be made of.
    struct Indescribable: Error, CustomStringConvertible {
        let description: String
        init(_ description: String) { self.description = description }
    }
}
