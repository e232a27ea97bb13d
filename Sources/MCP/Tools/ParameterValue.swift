import JSON

/// A type that can be the value of a ``Parameter``.
///
/// Strings, numbers, flags, UUIDs, dates, lists, JSON and their optionals are. An enum of strings becomes one by saying so
/// (`enum Status: String, CaseIterable, ParameterValue`), and so does a nested set of ``Arguments``. A type of your own says
/// how it reads JSON and what its schema is:
///
/// ```swift
/// struct Moment: ParameterValue {
///     static var schema: JSON.Object { ["type": "string", "format": "date-time"] }
///     init(_ json: JSON) throws(InvalidArguments) { … }
///     var json: JSON { … }
/// }
/// ```
public protocol ParameterValue: Sendable {
    /// The type without its optionality, which is what ``Rule``s look at.
    associatedtype Plain: Sendable = Self

    /// The JSON Schema of the value.
    static var schema: JSON.Object { get }
    /// What to use when the argument is left out, or `nil` if it may not be.
    static var absent: Self? { get }

    /// Reads a value that is neither null nor blank.
    ///
    /// - Throws: ``InvalidArguments`` whose complaint follows the parameter's name: `must be a UUID, got "x"`.
    init(_ json: JSON) throws(InvalidArguments)
    /// The value as the schema shows it for a default; null shows none.
    var json: JSON { get }
    /// The value that rules look at, if there is one.
    var plain: Plain? { get }
}

extension ParameterValue {
    public static var absent: Self? { nil }
    public var json: JSON { .null }
}

extension ParameterValue where Plain == Self {
    public var plain: Self? { self }
}

extension Optional: ParameterValue where Wrapped: ParameterValue {
    public typealias Plain = Wrapped.Plain
    public static var schema: JSON.Object { Wrapped.schema }
    public static var absent: Self? { .some(.none) }

    public init(_ json: JSON) throws(InvalidArguments) { self = .some(try Wrapped(json)) }
    public var json: JSON { self?.json ?? .null }
    public var plain: Wrapped.Plain? { self?.plain }
}

/// A list comes as an array, or as one string with commas. Blank items are dropped.
extension Array: ParameterValue where Element: ParameterValue {
    public static var schema: JSON.Object { ["type": "array", "items": .object(Element.schema)] }

    public init(_ json: JSON) throws(InvalidArguments) {
        self = []
        var errors: [InvalidArguments] = []
        for (index, item) in try Self.items(of: json).enumerated() where item.text?.isBlank != true {
            do {
                append(try Element(item))
            } catch {
                errors.append(error.inside("[\(index)]"))
            }
        }
        guard errors.isEmpty else { throw InvalidArguments(combining: errors) }
    }

    private static func items(of json: JSON) throws(InvalidArguments) -> [JSON] {
        switch json {
        case .array(let items): return items
        case .string(let text):
            // Some hosts hand the list over as JSON in a string.
            if text.trimmed.hasPrefix("["), case .array(let items)? = try? JSON(parsing: text) { return items }
            return text.split(separator: ",").map { .string(String($0).trimmed) }
        default: throw InvalidArguments("must be a list, got \(json.quoted)")
        }
    }

    public var json: JSON { .array(map(\.json)) }
}

/// An enum of string cases gets its parameter behaviour from those cases.
extension ParameterValue where Self: RawRepresentable & CaseIterable, RawValue == String {
    public static var schema: JSON.Object {
        ["type": "string", "enum": .array(allCases.map { .string($0.rawValue) })]
    }

    public init(_ json: JSON) throws(InvalidArguments) {
        guard case .string(let text) = json, let choice = Self(rawValue: text) ?? Self(rawValue: text.trimmed) else {
            let choices = Self.allCases.map(\.rawValue).joined(separator: ", ")
            throw InvalidArguments("must be one of \(choices), got \(json.quoted)")
        }
        self = choice
    }

    public var json: JSON { .string(rawValue) }
}

/// A nested set of parameters is a JSON object.
extension ParameterValue where Self: Arguments {
    public static var schema: JSON.Object { inputSchema }

    public init(_ json: JSON) throws(InvalidArguments) {
        let object = try JSON.Object(json)
        do {
            try self.init(reading: object)
        } catch let error as InvalidArguments {
            throw error
        } catch {
            throw InvalidArguments("is not valid: \(error)")
        }
    }
}
