import JSON

/// What is wrong with the arguments of a call. Every problem found is told, each with the path of the argument it is about:
/// `attendees[1].name is required`.
public struct InvalidArguments: Error, Sendable, Equatable {
    struct Problem: Sendable, Equatable {
        var path: String
        let complaint: String
    }

    private(set) var problems: [Problem]

    /// One problem with the value at hand, phrased to follow its name: "must be an integer".
    public init(_ complaint: String) {
        problems = [Problem(path: "", complaint: complaint)]
    }

    /// One problem with an argument of the tool, phrased to follow its name: `("end", "must be after start")`.
    public init(_ parameter: String, _ complaint: String) {
        problems = [Problem(path: parameter, complaint: complaint)]
    }

    init(combining errors: [InvalidArguments]) {
        problems = errors.flatMap(\.problems)
    }

    /// The same problems seen from one level further out: `[2]` inside `tags` is `tags[2]`.
    public func inside(_ outer: String) -> InvalidArguments {
        var copy = self
        for index in copy.problems.indices {
            let path = copy.problems[index].path
            copy.problems[index].path = path.isEmpty || path.hasPrefix("[") ? outer + path : "\(outer).\(path)"
        }
        return copy
    }

    /// - Parameter isHinted: whether to look for the parameter that was meant, which takes its time.
    static func unknown(_ name: String, among known: [String], isHinted: Bool) -> InvalidArguments {
        let name = name.beginning(64)
        let hint =
            switch isHinted ? name.nearest(among: known) : nil {
            case (let nearest, true)?: "; did you mean \(nearest)?"
            case (let nearest, false)?: "; the nearest is \(nearest)"
            case nil: known.isEmpty ? ", which takes none" : ""
            }
        return InvalidArguments(
            name.isWireName ? name : JSON.string(name).quoted, "is not a parameter of this tool\(hint)")
    }
}

// MARK: - Wording

extension InvalidArguments: CustomStringConvertible {
    /// How many problems are told; a call with more is beyond mending one by one.
    static let mostTold = 20

    /// One problem as a sentence, several as a list.
    public var description: String {
        let sentences = problems.prefix(Self.mostTold).map { problem in
            let sentence = problem.path.isEmpty ? problem.complaint : "\(problem.path) \(problem.complaint)"
            return sentence.last.map { ".?!:".contains($0) } == true ? sentence : sentence + "."
        }
        guard problems.count > 1 else { return sentences.first ?? "The arguments are not valid." }
        let rest = problems.count - sentences.count
        return "\(problems.count) problems with the arguments:"
            + sentences.map { "\n- \($0)" }.joined()
            + (rest > 0 ? "\n- and \(rest) more." : "")
    }

    /// The top-level argument the first problem is about.
    var parameter: String? {
        guard let path = problems.first?.path, !path.isEmpty else { return nil }
        return String(path.prefix { $0 != "." && $0 != "[" })
    }

    var failure: ToolFailure { ToolFailure(code: "invalid_argument", description, parameter: parameter) }
}

extension JSON {
    /// The value as it may be quoted in a complaint: whole if short, else its beginning.
    public var quoted: String {
        if case .string(let text) = self, text.utf8.count > 60 {
            return JSON.string(text.beginning(56)).description + "..."
        }
        let text = description
        return text.utf8.count <= 60 ? text : text.beginning(57) + "..."
    }
}

extension String {
    /// At most the first so many code points.
    fileprivate func beginning(_ count: Int) -> String {
        utf8.count <= count ? self : String(String.UnicodeScalarView(unicodeScalars.prefix(count)))
    }
}
