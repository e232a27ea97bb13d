import JSON

/// A limit on a parameter's value, both written in the schema and checked on every call.
public struct Rule<Value: Sendable>: Sendable {
    /// Adds the rule's keywords to a schema.
    let describe: @Sendable (inout JSON.Object) -> Void
    /// Says what is wrong with a value, or nothing.
    let problem: @Sendable (Value) -> InvalidArguments?

    /// - Parameters:
    ///   - describe: adds the rule's keywords to the schema.
    ///   - complaint: says what is wrong with a value, phrased to follow the parameter's name ("must be even, got 3"), or nothing.
    public init(
        describe: @escaping @Sendable (inout JSON.Object) -> Void = { _ in },
        complaint: @escaping @Sendable (Value) -> String?
    ) {
        self.describe = describe
        self.problem = { complaint($0).map { InvalidArguments($0) } }
    }

    private init(
        describe: @escaping @Sendable (inout JSON.Object) -> Void,
        problem: @escaping @Sendable (Value) -> InvalidArguments?
    ) {
        self.describe = describe
        self.problem = problem
    }
}

extension Rule where Value: Comparable & ParameterValue {
    public static func range(_ range: ClosedRange<Value>) -> Rule {
        Rule {
            $0["minimum"] = range.lowerBound.json
            $0["maximum"] = range.upperBound.json
        } complaint: {
            range.contains($0)
                ? nil : "must be between \(range.lowerBound) and \(range.upperBound), got \($0.json.quoted)"
        }
    }

    public static func atLeast(_ least: Value) -> Rule {
        Rule {
            $0["minimum"] = least.json
        } complaint: {
            $0 >= least ? nil : "must be at least \(least), got \($0.json.quoted)"
        }
    }
}

extension Rule where Value == String {
    /// How many characters a text may have, counted as JSON Schema does: in Unicode code points.
    public static func length(_ range: ClosedRange<Int>) -> Rule {
        Rule {
            $0["minLength"] = .integer(range.lowerBound)
            $0["maxLength"] = .integer(range.upperBound)
        } complaint: {
            let length = $0.unicodeScalars.count
            return range.contains(length)
                ? nil : "must be \(range.lowerBound) to \(range.upperBound) characters long, got \(length)"
        }
    }

    /// The most characters a text may have, counted as JSON Schema does: in Unicode code points.
    public static func length(_ range: PartialRangeThrough<Int>) -> Rule {
        Rule {
            $0["maxLength"] = .integer(range.upperBound)
        } complaint: {
            // Code points are never more than octets, which are counted already.
            guard $0.utf8.count > range.upperBound else { return nil }
            let length = $0.unicodeScalars.count
            return range.contains(length)
                ? nil : "must be at most \(range.upperBound) characters long, got \(length)"
        }
    }

    /// The text may not be empty. A required parameter may not be anyway; this says so in the schema.
    public static var notEmpty: Rule {
        Rule {
            $0["minLength"] = 1
        } complaint: {
            $0.isEmpty ? "must not be empty" : nil
        }
    }

    /// What kind of text it is (`email`, `uri`, `date` …), for the client to know; whoever uses the text checks it.
    public static func format(_ name: String) -> Rule {
        Rule {
            $0["format"] = .string(name)
        } complaint: { _ in
            nil
        }
    }
}

extension Rule {
    /// How many items a list may have.
    public static func count<Item>(_ range: ClosedRange<Int>) -> Rule where Value == [Item] {
        Rule {
            if range.lowerBound > 0 { $0["minItems"] = .integer(range.lowerBound) }
            $0["maxItems"] = .integer(range.upperBound)
        } complaint: {
            range.contains($0.count)
                ? nil : "must have \(range.lowerBound) to \(range.upperBound) items, got \($0.count)"
        }
    }

    /// A rule for every item of a list.
    public static func each<Item>(_ rule: Rule<Item>) -> Rule where Value == [Item] {
        Rule {
            guard var items = $0["items"]?.object else { return }
            rule.describe(&items)
            $0["items"] = .object(items)
        } problem: {
            let problems = $0.enumerated().compactMap { index, item in rule.problem(item)?.inside("[\(index)]") }
            return problems.isEmpty ? nil : InvalidArguments(combining: problems)
        }
    }
}
