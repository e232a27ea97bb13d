/// A property that is left out of the JSON where it has no value, instead of being null: in a result that is to be short every name
/// counts.
///
/// It looks for its key before it decodes, which is how the schema of a result learns that the property may be missing.
@propertyWrapper
public struct Omissible<Value: Codable & Sendable & Equatable>: Sendable, Equatable {
    public var wrappedValue: Value?

    public init(wrappedValue: Value?) { self.wrappedValue = wrappedValue }
}

extension Omissible: Codable {
    // For whoever codes one by itself: in an object the overloads below come first.
    public init(from decoder: any Decoder) throws { wrappedValue = try Value(from: decoder) }
    public func encode(to encoder: any Encoder) throws { try wrappedValue?.encode(to: encoder) }
}

extension KeyedEncodingContainer {
    mutating func encode<Value>(_ property: Omissible<Value>, forKey key: Key) throws {
        if let value = property.wrappedValue { try encode(value, forKey: key) }
    }
}

extension KeyedDecodingContainer {
    func decode<Value>(_ type: Omissible<Value>.Type, forKey key: Key) throws -> Omissible<Value> {
        guard contains(key) else { return Omissible(wrappedValue: nil) }
        return Omissible(wrappedValue: try decode(Value.self, forKey: key))
    }
}
