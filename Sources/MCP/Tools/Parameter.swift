import JSON

/// Declares one argument of a tool.
///
/// A parameter with an optional type may be left out; so may one with a default. All others are required. Null and blank
/// strings count as left out.
///
/// ```swift
/// @Parameter("Phone number, in any format.") var phone: String?
/// @Parameter("Most contacts to return.", .range(1...100)) var limit = 20
/// ```
@propertyWrapper
public final class Parameter<Value>: ParameterField, @unchecked Sendable {
    // `Value` is a ``ParameterValue``, as each initialiser demands. Saying so of the class would make the runtime look for
    // the conformance of every new type by name: a quarter of the time that the first `tools/list` takes.
    private let declaration: Declaration<Value>
    // Written once, while the call is read, before anyone else can know of it.
    private var given: Value?

    public init(_ help: String, _ rules: Rule<Value.Plain>...) where Value: ParameterValue {
        declaration = ValueDeclaration(help, rules, fallback: Value.absent)
    }

    public init(wrappedValue: Value, _ help: String, _ rules: Rule<Value.Plain>...) where Value: ParameterValue {
        declaration = ValueDeclaration(help, rules, fallback: wrappedValue)
    }

    public var wrappedValue: Value {
        guard let value = given ?? declaration.fallback else {
            fatalError("A required parameter was read before the call was: \(declaration.help)")
        }
        return value
    }

    /// Whether the call gave a value of its own.
    public var projectedValue: Bool { given != nil }

    override var isRequired: Bool { declaration.fallback == nil }
    override var schema: JSON.Object { declaration.schema }

    override func take(_ json: JSON?) throws(InvalidArguments) {
        if let json, !json.isBlank {
            given = try declaration.read(json)
        } else if isRequired {
            throw InvalidArguments("is required: \(declaration.help)")
        }
    }
}

/// What is said of a parameter where it is declared.
private class Declaration<Value> {
    let help: String
    /// The value of an argument that is left out, unless it is required.
    let fallback: Value?

    init(_ help: String, fallback: Value?) {
        self.help = help
        self.fallback = fallback
    }

    var schema: JSON.Object { fatalError("ValueDeclaration overrides this") }
    func read(_ json: JSON) throws(InvalidArguments) -> Value { fatalError("ValueDeclaration overrides this") }
}

private final class ValueDeclaration<Value: ParameterValue>: Declaration<Value> {
    private let rules: [Rule<Value.Plain>]

    init(_ help: String, _ rules: [Rule<Value.Plain>], fallback: Value?) {
        self.rules = rules
        super.init(help, fallback: fallback)
    }

    override var schema: JSON.Object {
        var schema = Value.schema
        schema["description"] = .string(help)
        for rule in rules { rule.describe(&schema) }
        if let fallback, fallback.json != .null { schema["default"] = fallback.json }
        return schema
    }

    override func read(_ json: JSON) throws(InvalidArguments) -> Value {
        let value = try Value(json)
        if let plain = value.plain {
            for rule in rules {
                if let problem = rule.problem(plain) { throw problem }
            }
        }
        return value
    }
}

/// What ``Arguments`` sees of a parameter, whatever its type.
///
/// A class rather than a protocol, because reflection meets parameters as `Any`: a class cast costs nanoseconds, the first
/// protocol cast of each new type some 15 microseconds.
public class ParameterField: @unchecked Sendable {
    init() { Recording.current?.fields.append(self) }

    var isRequired: Bool { fatalError("Parameter overrides this") }
    var schema: JSON.Object { fatalError("Parameter overrides this") }
    func take(_ json: JSON?) throws(InvalidArguments) { fatalError("Parameter overrides this") }
}

extension JSON {
    /// Whether the value counts as left out: null, or a string of nothing but white space.
    var isBlank: Bool {
        switch self {
        case .null: true
        case .string(let text): text.isBlank
        default: false
        }
    }
}

extension String {
    var isBlank: Bool { unicodeScalars.allSatisfy(\.properties.isWhitespace) }

    /// Without the white space at either end.
    var trimmed: String {
        func isBlank(_ character: Character) -> Bool { character.isWhitespace }
        guard let first = firstIndex(where: { !isBlank($0) }), let last = lastIndex(where: { !isBlank($0) }) else {
            return ""
        }
        return String(self[first...last])
    }
}
