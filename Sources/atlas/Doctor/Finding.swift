import AtlasCore
import JSON

/// What one look found: a line for people, a member of `checks` for programs.
struct Finding: Sendable, Equatable {
    enum Status: String, Sendable {
        case ok, warning, failed
        case notConfigured = "not_configured"
    }

    var status: Status
    var message: String
    /// The variable to look at.
    var variable: String?
    /// What to do.
    var fix: String?
    /// Whether a setting is to blame, and not who answers.
    var isSetting = false

    static func ok(_ facts: [String]) -> Finding { Finding(status: .ok, message: facts.joined(separator: "; ")) }
    static func ok(_ fact: String) -> Finding { ok([fact]) }
    static func notConfigured(_ message: String) -> Finding { Finding(status: .notConfigured, message: message) }

    static func warning(_ message: String, _ variable: ConfigurationKey?, _ fix: String?) -> Finding {
        Finding(status: .warning, message: message, variable: variable?.name, fix: fix)
    }

    static func failed(_ message: String, _ variable: ConfigurationKey?, _ fix: String, isSetting: Bool = true)
        -> Finding
    {
        Finding(status: .failed, message: message, variable: variable?.name, fix: fix, isSetting: isSetting)
    }
}

extension Finding {
    /// What is wrong, out of our own words for it: the first sentence says what, the others what to do and with which variable.
    ///
    /// - Parameters:
    ///   - keys: the settings of what was looked at, for words that name none.
    ///   - isSecret: whether a secret is the likelier one of those that are named.
    init(
        _ status: Status, words: String, keys: [ConfigurationKey], configuration: Configuration, isSecret: Bool = false,
        isSetting: Bool = false
    ) {
        let named = Self.variables(in: words)
        let known = named.compactMap { name in ConfigurationKey.all.first { $0.name == name } }
        let set = known.filter { configuration[$0] != nil }
        let own = keys.first { configuration[$0] != nil } ?? keys.first
        let first = (isSecret ? set.first(where: \.isSecret) : nil) ?? set.first ?? known.first
        variable = first?.name ?? named.first ?? own?.name
        let parts = Self.parts(words)
        message = parts.problem
        if let advice = parts.advice, !named.isEmpty || !advice.hasPrefix("Try again") {
            fix = advice
        } else if let variable {
            fix = parts.advice == nil ? "Check \(variable)." : "Check \(variable), or try again later."
        } else {
            fix = parts.advice
        }
        self.status = status
        self.isSetting = isSetting
    }

    /// A look that failed.
    init(_ error: any Error, keys: [ConfigurationKey], configuration: Configuration) {
        let known = (error as? AtlasError) ?? (error as? DatabaseError).map { AtlasError($0) }
        self.init(
            .failed, words: known?.message ?? CommandFailure(error).message, keys: keys, configuration: configuration,
            isSecret: known?.code == .unauthenticated, isSetting: known?.code == .notConfigured)
    }

    /// The names of variables, in the order of the text.
    static func variables(in text: String) -> [String] {
        var names: [String] = []
        for word in text.split(whereSeparator: { !($0 == "_" || $0.isASCII && ($0.isLetter || $0.isNumber)) })
        where word.hasPrefix("ATLAS_") && word.count > 6 && !word.contains(where: \.isLowercase) {
            var name = String(word)
            // A group of variables is written as ATLAS_DB_.
            guard name.last != "_" else { continue }
            name = String(name.prefix(80))
            if !names.contains(name) { names.append(name) }
        }
        return names
    }

    /// The first sentence, and the rest. What others said stands in “quotes”, and may be sentences.
    static func parts(_ words: String) -> (problem: String, advice: String?) {
        var depth = 0
        var index = words.startIndex
        while index < words.endIndex {
            let next = words.index(after: index)
            switch words[index] {
            case "“", "(": depth += 1
            case "”", ")": depth = max(0, depth - 1)
            case "." where depth == 0 && words[next...].hasPrefix(" "):
                let rest = words[words.index(after: next)...]
                if rest.first?.isUppercase == true { return (String(words[..<next]), String(rest)) }
            default: break
            }
            index = next
        }
        return (words, nil)
    }
}
