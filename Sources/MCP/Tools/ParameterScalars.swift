import JSON

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

// The values that arguments are made of. Models and hosts quote what need not be quoted, so numbers and flags may come as
// strings; nothing else is bent.

extension String: ParameterValue {
    public static var schema: JSON.Object { ["type": "string"] }
    public var json: JSON { .string(self) }

    public init(_ json: JSON) throws(InvalidArguments) {
        guard case .string(let text) = json else { throw InvalidArguments("must be a string, got \(json.quoted)") }
        // No text column can hold it, and no person has typed it.
        guard !text.utf8.contains(0) else { throw InvalidArguments("must not contain a NUL character (U+0000)") }
        self = text
    }
}

extension Int: ParameterValue {
    public static var schema: JSON.Object { ["type": "integer"] }
    public var json: JSON { .integer(self) }

    public init(_ json: JSON) throws(InvalidArguments) {
        switch json.unquotedNumber {
        case .integer(let integer): self = integer
        // JSON Schema counts 3.0 as an integer.
        case .number(let number) where Int(exactly: number) != nil: self = Int(number)
        default: throw InvalidArguments("must be an integer, got \(json.quoted)")
        }
    }
}

extension Double: ParameterValue {
    public static var schema: JSON.Object { ["type": "number"] }
    public var json: JSON { .number(self) }

    public init(_ json: JSON) throws(InvalidArguments) {
        guard let number = json.unquotedNumber.number else {
            throw InvalidArguments("must be a number, got \(json.quoted)")
        }
        self = number
    }
}

extension Bool: ParameterValue {
    public static var schema: JSON.Object { ["type": "boolean"] }
    public var json: JSON { .bool(self) }

    public init(_ json: JSON) throws(InvalidArguments) {
        switch json {
        case .bool(let flag): self = flag
        case .string(let text) where text.trimmed.lowercased() == "true": self = true
        case .string(let text) where text.trimmed.lowercased() == "false": self = false
        default: throw InvalidArguments("must be true or false, got \(json.quoted)")
        }
    }
}

extension UUID: ParameterValue {
    public static var schema: JSON.Object { ["type": "string", "format": "uuid"] }
    public var json: JSON { .string(uuidString.lowercased()) }

    public init(_ json: JSON) throws(InvalidArguments) {
        guard case .string(let text) = json, let uuid = UUID(uuidString: text.trimmed) else {
            throw InvalidArguments("must be a UUID, got \(json.quoted)")
        }
        self = uuid
    }
}

/// An instant, told with its offset from UTC. What is meant in the business's zone needs a type that knows the zone.
extension Date: ParameterValue {
    public static var schema: JSON.Object { ["type": "string", "format": "date-time"] }
    public var json: JSON { .string(Timestamp(self, offset: 0).description) }

    public init(_ json: JSON) throws(InvalidArguments) {
        guard case .string(let text) = json, let date = Timestamp(text.trimmed)?.date else {
            throw InvalidArguments("must be a time with a UTC offset, like 2026-03-01T09:00:00Z, got \(json.quoted)")
        }
        self = date
    }
}

extension JSON: ParameterValue {
    public static var schema: Object { [:] }
    public var json: JSON { self }
    public init(_ json: JSON) { self = json }
}

extension JSON.Object: ParameterValue {
    public static var schema: JSON.Object { ["type": "object"] }
    public var json: JSON { .object(self) }

    public init(_ json: JSON) throws(InvalidArguments) {
        switch json {
        case .object(let object): self = object
        // Some hosts hand the object over as JSON in a string.
        case .string(let text):
            guard case .object(let object)? = try? JSON(parsing: text) else { fallthrough }
            self = object
        default: throw InvalidArguments("must be an object, got \(json.quoted)")
        }
    }
}

extension JSON {
    /// The number that a string holds, or else the value itself.
    fileprivate var unquotedNumber: JSON {
        guard case .string(let text) = self else { return self }
        let digits = text.trimmed
        if let integer = Int(digits) { return .integer(integer) }
        guard let number = try? JSON(parsing: digits), number.number != nil else { return self }
        return number
    }
}
