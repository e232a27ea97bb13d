/// The rules of the mail's own style sheets that name an element by its tag, class or id, and nothing more.
///
/// Rules with combinators, pseudo-classes or attributes, and those for other media than the screen, are passed over.
struct StyleSheet {
    private struct Rule {
        var tag: String?
        var ids: [String]
        var classes: [String]
        var declarations: [CSSDeclaration]

        /// What is most particular in the selector: `#id`, `.class` or the tag.
        var key: String { ids.first.map { "#\($0)" } ?? classes.first.map { ".\($0)" } ?? tag ?? "*" }

        var specificity: Int { ids.count * 10_000 + classes.count * 100 + (tag == nil ? 0 : 1) }
    }

    private var rules: [Rule] = []
    /// By their keys.
    private var places: [String: [Int]] = [:]
    /// What rules that were passed over give a background to, by the last word of their selectors; `*` where that is not told.
    /// The background of such an element is not known.
    private var painted: Set<String> = []

    private static let mostRules = 2000
    private static let mostRulesOfElement = 30

    var isEmpty: Bool { rules.isEmpty }

    init() {}

    init(_ text: String) {
        let octets = CSSText.plain(text)
        var position = 0
        while position < octets.count, rules.count < Self.mostRules {
            var preludeEnd = position
            while preludeEnd < octets.count, !"{};".utf8.contains(octets[preludeEnd]) { preludeEnd += 1 }
            guard preludeEnd < octets.count else { return }
            let prelude = String(decoding: octets[position..<preludeEnd], as: UTF8.self)
                .replacing("<!--", with: "").replacing("-->", with: "").trimmedBlanks
            let ending = octets[preludeEnd]
            position = preludeEnd + 1
            guard ending == UInt8(ascii: "{") else { continue }
            if prelude.hasPrefix("@") {
                // What holds on every screen is read as if it stood outside; its closing brace is passed over.
                if ["@media screen", "@media all", "@media only screen", "@media"].contains(prelude) { continue }
                Self.skipBlock(octets, &position)
                continue
            }
            let start = position
            while position < octets.count, octets[position] != UInt8(ascii: "}") { position += 1 }
            add(prelude, String(decoding: octets[start..<position], as: UTF8.self))
            position += 1
        }
    }

    private static func skipBlock(_ octets: [UInt8], _ position: inout Int) {
        var depth = 1
        while position < octets.count, depth > 0 {
            if octets[position] == UInt8(ascii: "{") { depth += 1 }
            if octets[position] == UInt8(ascii: "}") { depth -= 1 }
            position += 1
        }
    }

    private mutating func add(_ prelude: String, _ block: String) {
        let declarations = CSSDeclaration.list(block)
        guard !declarations.isEmpty else { return }
        for selector in prelude.split(separator: ",").prefix(100) {
            guard var rule = Self.compound(selector.trimmedBlanks) else {
                if declarations.contains(where: { if case .background = $0.property { true } else { false } }) {
                    painted.insert(Self.subject(of: selector))
                }
                continue
            }
            rule.declarations = declarations
            places[rule.key, default: []].append(rules.count)
            rules.append(rule)
        }
    }

    /// `tag`, `.class`, `#id` or these written together; nil for anything else.
    private static func compound(_ selector: String) -> Rule? {
        guard !selector.isEmpty, selector.utf8.count <= 200 else { return nil }
        var rule = Rule(tag: nil, ids: [], classes: [], declarations: [])
        var kind: Character = " "
        var name = ""
        func isWhole() -> Bool { !name.isEmpty || kind == " " }
        func close() {
            switch kind {
            case "#": rule.ids.append(name)
            case ".": rule.classes.append(name)
            default: if !name.isEmpty { rule.tag = name }
            }
            name = ""
        }
        for character in selector {
            if character == "." || character == "#" {
                guard isWhole() else { return nil }
                close()
                kind = character
            } else if character.isLetter || character.isNumber || character == "-" || character == "_" {
                name.append(character)
            } else {
                return nil
            }
        }
        guard isWhole() else { return nil }
        close()
        return rule
    }

    private static func subject(of selector: Substring) -> String {
        let last = selector.split { " >+~\n\t".contains($0) }.last?.prefix { $0 != ":" && $0 != "[" } ?? ""
        return compound(String(last))?.key ?? "*"
    }

    /// Whether a rule that was not read may set the element's background.
    func mayPaint(tag: String, id: String?, classes: String?) -> Bool {
        guard !painted.isEmpty else { return false }
        if painted.contains("*") || painted.contains(tag) { return true }
        if let id, painted.contains("#\(id.lowercased())") { return true }
        return classes?.lowercased().split(whereSeparator: \.isWhitespace).contains { painted.contains(".\($0)") }
            ?? false
    }

    /// What the sheets say of an element, the more particular last (CSS Cascade 4, 6).
    func declarations(tag: String, id: String?, classes: [String]) -> [CSSDeclaration] {
        guard !rules.isEmpty else { return [] }
        var found: [Int] = places[tag] ?? []
        if let id { found += places["#\(id)"] ?? [] }
        for name in classes.prefix(16) { found += places[".\(name)"] ?? [] }
        guard !found.isEmpty else { return [] }
        return Set(found.suffix(Self.mostRulesOfElement))
            .filter { index in
                let rule = rules[index]
                return (rule.tag == nil || rule.tag == tag) && rule.ids.allSatisfy { $0 == id }
                    && rule.classes.allSatisfy(classes.contains)
            }
            .sorted { (rules[$0].specificity, $0) < (rules[$1].specificity, $1) }
            .flatMap { rules[$0].declarations }
    }
}
