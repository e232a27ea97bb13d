import JSON

/// What a rehearsal has learnt so far about one type.
final class RehearsalNote {
    let type: Any.Type
    private var properties = JSON.Object()
    private var whole: JSON.Object?
    private var isNullable = false
    private var omissible: Set<String> = []

    init(type: Any.Type) { self.type = type }

    /// A property; a type that asks twice for one, to see what it holds, is noted once.
    func add(_ name: String, _ schema: JSON.Object) { properties[name] = .object(schema) }

    /// The type asked whether the property is there before it decoded it: so it may be missing.
    func mayOmit(_ name: String) { omissible.insert(name) }

    /// The type turned out to be something else than an object with properties.
    func become(_ schema: JSON.Object) { whole = schema }

    /// The type looked for null before anything else, as optionals do.
    func allowNull() { isNullable = true }

    var schema: JSON.Object {
        let schema: JSON.Object
        if let whole {
            schema = whole
        } else {
            schema = [
                "type": "object", "properties": .object(properties),
                "required": .array(properties.names.filter { !omissible.contains($0) }.map(JSON.string)),
            ]
        }
        return isNullable ? ResultSchema.nullable(schema) : schema
    }

    /// The cases of the type, if it is an enum of strings.
    var choices: [String]? {
        guard let type = type as? any (CaseIterable & RawRepresentable).Type else { return nil }
        func rawValues<Choice: CaseIterable & RawRepresentable>(of type: Choice.Type) -> [String]? {
            Choice.allCases.map(\.rawValue) as? [String]
        }
        return rawValues(of: type)
    }
}

/// The decoder that a type is rehearsed with.
struct Rehearsal: Decoder {
    let schemas: ResultSchema
    let note: RehearsalNote
    var codingPath: [any CodingKey] { [] }
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    func container<Key>(keyedBy type: Key.Type) -> KeyedDecodingContainer<Key> {
        KeyedDecodingContainer(RehearsedMembers<Key>(rehearsal: self))
    }

    func unkeyedContainer() -> any UnkeyedDecodingContainer { RehearsedItems(rehearsal: self) }
    func singleValueContainer() -> any SingleValueDecodingContainer { RehearsedSingle(rehearsal: self) }
}

private struct RehearsedMembers<Key: CodingKey>: KeyedDecodingContainerProtocol {
    let rehearsal: Rehearsal
    var codingPath: [any CodingKey] { [] }

    /// Only a dictionary asks which keys there are.
    var allKeys: [Key] { DictionaryKey.is(Key.self) ? [Key(stringValue: "any")!] : [] }

    func contains(_ key: Key) -> Bool {
        rehearsal.note.mayOmit(key.stringValue.snakeCased)
        return true
    }

    func decodeNil(forKey key: Key) -> Bool { false }

    func decode<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value {
        let (schema, standIn) = try rehearsal.schemas.rehearse(type)
        note(schema, key)
        return standIn
    }

    func decodeIfPresent<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value? {
        try optional(type, key)
    }

    private func note(_ schema: JSON.Object, _ key: Key) {
        if DictionaryKey.is(Key.self) {
            rehearsal.note.become(["type": "object", "additionalProperties": .object(schema)])
        } else {
            rehearsal.note.add(key.stringValue.snakeCased, schema)
        }
    }

    private func optional<Value: Decodable>(_ type: Value.Type, _ key: Key) throws -> Value? {
        note(ResultSchema.nullable(try rehearsal.schemas.describe(type)), key)
        return nil
    }

    // The standard library asks for optional primitives through these, not the generic one above.
    func decodeIfPresent(_ type: String.Type, forKey key: Key) throws -> String? { try optional(type, key) }
    func decodeIfPresent(_ type: Bool.Type, forKey key: Key) throws -> Bool? { try optional(type, key) }
    func decodeIfPresent(_ type: Int.Type, forKey key: Key) throws -> Int? { try optional(type, key) }
    func decodeIfPresent(_ type: Double.Type, forKey key: Key) throws -> Double? { try optional(type, key) }
    func decodeIfPresent(_ type: Float.Type, forKey key: Key) throws -> Float? { try optional(type, key) }
    func decodeIfPresent(_ type: Int8.Type, forKey key: Key) throws -> Int8? { try optional(type, key) }
    func decodeIfPresent(_ type: Int16.Type, forKey key: Key) throws -> Int16? { try optional(type, key) }
    func decodeIfPresent(_ type: Int32.Type, forKey key: Key) throws -> Int32? { try optional(type, key) }
    func decodeIfPresent(_ type: Int64.Type, forKey key: Key) throws -> Int64? { try optional(type, key) }
    func decodeIfPresent(_ type: UInt.Type, forKey key: Key) throws -> UInt? { try optional(type, key) }
    func decodeIfPresent(_ type: UInt8.Type, forKey key: Key) throws -> UInt8? { try optional(type, key) }
    func decodeIfPresent(_ type: UInt16.Type, forKey key: Key) throws -> UInt16? { try optional(type, key) }
    func decodeIfPresent(_ type: UInt32.Type, forKey key: Key) throws -> UInt32? { try optional(type, key) }
    func decodeIfPresent(_ type: UInt64.Type, forKey key: Key) throws -> UInt64? { try optional(type, key) }

    func nestedContainer<Inner>(keyedBy type: Inner.Type, forKey key: Key) throws -> KeyedDecodingContainer<Inner> {
        throw ResultSchema.Indescribable("\(rehearsal.note.type) decodes nested containers: give them types")
    }
    func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
        throw ResultSchema.Indescribable("\(rehearsal.note.type) decodes nested containers: give them types")
    }
    func superDecoder() -> any Decoder { rehearsal }
    func superDecoder(forKey key: Key) -> any Decoder { rehearsal }
}

private struct RehearsedItems: UnkeyedDecodingContainer {
    let rehearsal: Rehearsal
    var codingPath: [any CodingKey] { [] }
    var count: Int? { nil }
    var isAtEnd = false
    var currentIndex = 0

    mutating func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
        let (schema, standIn) = try rehearsal.schemas.rehearse(type)
        rehearsal.note.become(["type": "array", "items": .object(schema)])
        isAtEnd = true
        return standIn
    }

    mutating func decodeNil() -> Bool { false }
    mutating func nestedContainer<Inner>(keyedBy type: Inner.Type) throws -> KeyedDecodingContainer<Inner> {
        throw ResultSchema.Indescribable("\(rehearsal.note.type) decodes nested containers: give them types")
    }
    mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer {
        throw ResultSchema.Indescribable("\(rehearsal.note.type) decodes nested containers: give them types")
    }
    mutating func superDecoder() -> any Decoder { rehearsal }
}

private struct RehearsedSingle: SingleValueDecodingContainer {
    let rehearsal: Rehearsal
    var codingPath: [any CodingKey] { [] }

    func decodeNil() -> Bool {
        rehearsal.note.allowNull()
        return false
    }

    func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
        let (schema, standIn) = try rehearsal.schemas.rehearse(type)
        rehearsal.note.become(schema)
        return standIn
    }

    func decode(_ type: Bool.Type) -> Bool { leaf("boolean", false) }
    func decode(_ type: Double.Type) -> Double { leaf("number", 0) }
    func decode(_ type: Float.Type) -> Float { leaf("number", 0) }
    func decode(_ type: Int.Type) -> Int { leaf("integer", 0) }
    func decode(_ type: Int8.Type) -> Int8 { leaf("integer", 0) }
    func decode(_ type: Int16.Type) -> Int16 { leaf("integer", 0) }
    func decode(_ type: Int32.Type) -> Int32 { leaf("integer", 0) }
    func decode(_ type: Int64.Type) -> Int64 { leaf("integer", 0) }
    func decode(_ type: UInt.Type) -> UInt { leaf("integer", 0) }
    func decode(_ type: UInt8.Type) -> UInt8 { leaf("integer", 0) }
    func decode(_ type: UInt16.Type) -> UInt16 { leaf("integer", 0) }
    func decode(_ type: UInt32.Type) -> UInt32 { leaf("integer", 0) }
    func decode(_ type: UInt64.Type) -> UInt64 { leaf("integer", 0) }

    private func leaf<Value>(_ type: JSON, _ standIn: Value) -> Value {
        rehearsal.note.become(["type": type])
        return standIn
    }

    /// Only an enum, or another wrapper of a string, asks for a lone string.
    func decode(_ type: String.Type) -> String {
        guard let choices = rehearsal.note.choices, let first = choices.first else { return leaf("string", "") }
        rehearsal.note.become(["type": "string", "enum": .array(choices.map(JSON.string))])
        return first
    }
}
