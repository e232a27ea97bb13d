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
    ///   - keys: the settings that say where that is which was looked at, for words that name none.
    ///   - code: what kind of error it is; nil where it is none.
    init(
        _ status: Status, words: String, keys: [ConfigurationKey], configuration: Configuration,
        code: AtlasError.Code? = nil
    ) {
        let named = Self.variables(in: words)
        let parts = Self.parts(words)
        self.status = status
        message = parts.problem
        isSetting = code == .notConfigured
        if !named.isEmpty {
            variable = Self.blamed(named, in: words, configuration: configuration, code: code)
            fix = parts.advice ?? variable.map { "Check \($0)." }
            return
        }
        let set = keys.filter { configuration[$0] != nil }.map(\.name)
        variable = set.first ?? keys.first?.name
        if let advice = parts.advice, !advice.hasPrefix("Try again") {
            fix = advice
        } else if !set.isEmpty {
            fix = "Check \(set.joined(separator: " and ")), or try again later."
        } else if let variable {
            fix =
                "Check this machine's network and proxy, or try again later; \(variable) is unset, so the usual address counts."
        } else {
            fix = parts.advice
        }
    }

    /// The likeliest of the variables that a text names.
    private static func blamed(
        _ named: [String], in words: String, configuration: Configuration, code: AtlasError.Code?
    ) -> String? {
        if let subject = named.first(where: { words.contains("\($0) must ") || words.contains("\($0) is missing") }) {
            return subject
        }
        let known = named.compactMap { name in ConfigurationKey.all.first { $0.name == name } }
        let set = known.filter { configuration[$0] != nil }
        if code == .unauthenticated, let secret = set.first(where: \.isSecret) { return secret.name }
        let wants = words.contains(" needs ") || words.contains("not configured: set ")
        if wants, let missing = known.first(where: { configuration[$0] == nil }) { return missing.name }
        return (set.first ?? known.first)?.name ?? named.first
    }

    /// A look that failed.
    init(_ error: any Error, keys: [ConfigurationKey], configuration: Configuration) {
        let known = (error as? AtlasError) ?? (error as? DatabaseError).map { AtlasError($0) }
        self.init(
            .failed, words: known?.message ?? CommandFailure(error).message, keys: keys, configuration: configuration,
            code: known?.code)
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
