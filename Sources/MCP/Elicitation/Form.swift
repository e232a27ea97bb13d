import JSON

/// What to ask a user: a flat list of fields, as far as every client can show it.
///
/// ```swift
/// let answer = try await client.elicit(
///     "Delete 3 appointments?", form: [.flag("confirm", "Yes, delete them", isRequired: true)])
/// ```
public struct Form: Sendable, ExpressibleByArrayLiteral {
    public let fields: [Field]

    public init(arrayLiteral fields: Field...) { self.fields = fields }
    public init(_ fields: [Field]) { self.fields = fields }

    /// One field of a form.
    public struct Field: Sendable {
        enum Kind: Sendable {
            case text(Format?, length: ClosedRange<Int>?)
            case integer(ClosedRange<Int>?)
            case number(ClosedRange<Double>?)
            case flag
            case choice([Choice])
            case choices([Choice], count: ClosedRange<Int>?)
        }

        let name: String
        let title: String?
        let description: String?
        let isRequired: Bool
        let fallback: JSON?
        let kind: Kind
    }

    /// How a text is to be written.
    public enum Format: String, Sendable { case email, uri, date, dateTime = "date-time" }

    /// One of several values to choose from, and its name for people.
    public struct Choice: Sendable, ExpressibleByStringLiteral {
        public let value: String
        public let title: String

        public init(_ value: String, _ title: String) {
            self.value = value
            self.title = title
        }

        public init(stringLiteral value: String) { self.init(value, value) }
    }
}

extension Form.Field {
    /// A text, with its length in characters.
    public static func text(
        _ name: String, _ title: String? = nil, description: String? = nil, format: Form.Format? = nil,
        length: ClosedRange<Int>? = nil, isRequired: Bool = false, default fallback: String? = nil
    ) -> Self {
        Self(
            name: name, title: title, description: description, isRequired: isRequired,
            fallback: fallback.map { .string($0) }, kind: .text(format, length: length))
    }

    public static func integer(
        _ name: String, _ title: String? = nil, description: String? = nil, range: ClosedRange<Int>? = nil,
        isRequired: Bool = false, default fallback: Int? = nil
    ) -> Self {
        Self(
            name: name, title: title, description: description, isRequired: isRequired,
            fallback: fallback.map { .integer($0) }, kind: .integer(range))
    }

    public static func number(
        _ name: String, _ title: String? = nil, description: String? = nil, range: ClosedRange<Double>? = nil,
        isRequired: Bool = false, default fallback: Double? = nil
    ) -> Self {
        Self(
            name: name, title: title, description: description, isRequired: isRequired,
            fallback: fallback.map { .number($0) }, kind: .number(range))
    }

    /// Yes or no.
    public static func flag(
        _ name: String, _ title: String? = nil, description: String? = nil, isRequired: Bool = false,
        default fallback: Bool? = nil
    ) -> Self {
        Self(
            name: name, title: title, description: description, isRequired: isRequired,
            fallback: fallback.map { .bool($0) }, kind: .flag)
    }

    /// One of several values.
    public static func choice(
        _ name: String, _ title: String? = nil, of choices: [Form.Choice], description: String? = nil,
        isRequired: Bool = false, default fallback: String? = nil
    ) -> Self {
        Self(
            name: name, title: title, description: description, isRequired: isRequired,
            fallback: fallback.map { .string($0) }, kind: .choice(choices))
    }

    /// Any of several values. Clients before 2025-11-25 cannot be asked this.
    public static func choices(
        _ name: String, _ title: String? = nil, of choices: [Form.Choice], count: ClosedRange<Int>? = nil,
        description: String? = nil, isRequired: Bool = false, default fallback: [String]? = nil
    ) -> Self {
        Self(
            name: name, title: title, description: description, isRequired: isRequired,
            fallback: fallback.map { .array($0.map { .string($0) }) }, kind: .choices(choices, count: count))
    }
}
