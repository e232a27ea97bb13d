/// The names of a type's parameters, in declaration order, and how to get at those of a blank value.
///
/// Reflection costs a microsecond or two a parameter, so it is done once for each type. Afterwards the parameters of a new
/// value are known by having reported themselves as they were made, in the same order.
final class ArgumentLayout: Sendable {
    let names: [String]
    private let reportsInOrder: Bool

    private static let known = Monitor<[ObjectIdentifier: ArgumentLayout]>([:])

    static func of<Group: Arguments>(_ type: Group.Type) -> ArgumentLayout {
        let id = ObjectIdentifier(type)
        if let layout = known.withLock({ $0[id] }) { return layout }
        let layout = ArgumentLayout(type)
        known.withLock { $0[id] = layout }
        return layout
    }

    private init<Group: Arguments>(_ type: Group.Type) {
        let (blank, reported) = Recording.made { Group() }
        let parts = Parts(of: blank)
        names = parts.names
        // A default that is itself a set of parameters reports parameters that are not ours.
        reportsInOrder =
            reported.fields.elementsEqual(parts.fields, by: ===) && reported.groups.elementsEqual(parts.groups, by: ===)

        for name in names { precondition(name.isWireName, "\(type): \(name) is no name for a parameter.") }
        precondition(Set(names).count == names.count, "\(type): two parameters have one name, of \(names).")
    }

    /// A new value that no call has filled yet, and its parameters in the order of ``names``.
    func blank<Group: Arguments>(_ type: Group.Type) -> (Group, parts: Parts) {
        guard reportsInOrder else {
            let blank = Group()
            return (blank, Parts(of: blank))
        }
        let (blank, reported) = Recording.made { Group() }
        return (blank, Parts(reported))
    }

    /// The parameters of one value.
    struct Parts {
        private(set) var names: [String] = []
        private(set) var fields: [ParameterField] = []
        /// The sets mixed in, inner ones before outer ones.
        private(set) var groups: [IncludedArguments] = []

        init(_ reported: Recording) {
            fields = reported.fields
            groups = reported.groups
        }

        init(of arguments: any Arguments) { add(arguments) }

        private mutating func add(_ arguments: any Arguments) {
            for child in Mirror(reflecting: arguments).children {
                if let field = child.value as? ParameterField {
                    // A wrapped property is stored under its own name with an underscore in front.
                    names.append(String(child.label!.dropFirst()).snakeCased)
                    fields.append(field)
                } else if let group = child.value as? IncludedArguments {
                    add(group.arguments)
                    groups.append(group)
                } else {
                    preconditionFailure("\(type(of: arguments)).\(child.label ?? "?") needs @Parameter or @Including.")
                }
            }
        }
    }
}

/// Notes the parameters that are made while a value is.
final class Recording: @unchecked Sendable {
    // Only the thread that makes the value writes, and only while it does.
    var fields: [ParameterField] = []
    var groups: [IncludedArguments] = []

    @TaskLocal static var current: Recording?

    static func made<Value>(_ make: () -> Value) -> (Value, Recording) {
        let recording = Recording()
        let value = $current.withValue(recording, operation: make)
        return (value, recording)
    }
}
