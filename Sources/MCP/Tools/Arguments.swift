import JSON

/// A set of named parameters, declared with ``Parameter`` properties.
///
/// Every ``Tool`` is one. A nested conforming struct describes a JSON object argument; a shared one is mixed in with
/// ``Including``.
public protocol Arguments: Sendable {
    init()

    /// Checks rules that involve several parameters at once. Each parameter is valid by itself when it is called.
    ///
    /// - Throws: ``InvalidArguments`` or ``ToolFailure``.
    func validate() throws
}

extension Arguments {
    public func validate() throws {}
}

/// Mixes a shared set of parameters into another one.
///
///     @Including var page: Page
@propertyWrapper
public final class Including<Group: Arguments>: IncludedArguments, @unchecked Sendable {
    public let wrappedValue = Group()
    public override init() {}
    override var arguments: any Arguments { wrappedValue }
}

/// What ``Arguments`` sees of an included set, whatever its type.
public class IncludedArguments: @unchecked Sendable {
    init() { Recording.current?.groups.append(self) }

    var arguments: any Arguments { fatalError("Including overrides this") }
}

// MARK: - Schema

extension Arguments {
    /// Describes the parameters as a JSON Schema 2020-12 object.
    package static var inputSchema: JSON.Object {
        let layout = ArgumentLayout.of(Self.self)
        var properties = JSON.Object()
        var required: [JSON] = []
        for (name, field) in zip(layout.names, layout.blank(Self.self).parts.fields) {
            properties.append(name, .object(field.schema))
            if field.isRequired { required.append(.string(name)) }
        }
        var schema: JSON.Object = ["type": "object", "properties": .object(properties)]
        if !required.isEmpty { schema.append("required", .array(required)) }
        schema.append("additionalProperties", false)
        return schema
    }
}

// MARK: - Reading a call

extension Arguments {
    /// Fills a blank set of parameters from a JSON object and validates it.
    ///
    /// - Throws: ``InvalidArguments`` with every problem of the parameters at once, or else what ``validate()`` throws.
    package init(reading object: JSON.Object) throws {
        let layout = ArgumentLayout.of(Self.self)
        let (blank, parts) = layout.blank(Self.self)
        self = blank
        try Self.fill(parts.fields, named: layout.names, from: object)
        for group in parts.groups { try group.arguments.validate() }
        try validate()
    }

    private static func fill(
        _ fields: [ParameterField], named names: [String], from object: JSON.Object
    ) throws(InvalidArguments) {
        var values = [JSON?](repeating: nil, count: fields.count)
        var errors: [InvalidArguments] = []
        for member in object.members {
            if let position = names.firstIndex(of: member.name) {
                values[position] = member.value
            } else {
                errors.append(
                    .unknown(member.name, among: names, isHinted: errors.count < InvalidArguments.mostTold))
            }
        }
        for (position, field) in fields.enumerated() {
            do {
                try field.take(values[position])
            } catch {
                errors.append(error.inside(names[position]))
            }
        }
        guard errors.isEmpty else { throw InvalidArguments(combining: errors) }
    }
}
