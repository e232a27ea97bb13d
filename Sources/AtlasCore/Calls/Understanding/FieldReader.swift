import JSON

/// Reads members of an object that may have any type and any content.
struct FieldReader {
    private let object: JSON.Object

    init(_ object: JSON.Object) { self.object = object }

    /// A text, cleaned and cut. A number is one too, and so is a list of texts; "unknown", "n/a" and the like are none.
    func text(_ name: String, longest: Int, keepsLines: Bool = false) -> String? {
        guard let text = object[name].flatMap({ Self.text($0) })?.cleaned(keepingLines: keepsLines), !text.isEmpty,
            !Self.absent.contains(text.lowercased())
        else { return nil }
        return text.cutShort(at: longest).trimmed
    }

    private static func text(_ value: JSON) -> String? {
        switch value {
        case .string(let text): text
        case .integer(let integer): String(integer)
        case .number(let number) where number == number.rounded() && abs(number) < 1e15: String(Int(number))
        case .number(let number): String(number)
        case .array(let items):
            items.prefix(20).compactMap { $0.text ?? $0.integer.map(String.init) }.joined(separator: ", ")
        case .null, .bool, .object: nil
        }
    }

    func flag(_ name: String) -> Bool? {
        guard let value = object[name] else { return nil }
        if let flag = value.flag { return flag }
        switch value.integer.map(String.init) ?? value.text?.cleaned().lowercased() ?? "" {
        case "1", "yes", "true", "y": return true
        case "0", "no", "false", "n": return false
        default: return nil
        }
    }

    /// A list of texts; one text is a list by its commas.
    func list(_ name: String, most: Int, longest: Int) -> [String] {
        let items: [String]
        switch object[name] {
        case .array(let values): items = values.prefix(4 * most).compactMap { $0.object == nil ? Self.text($0) : nil }
        case .string(let text): items = text.prefix(10_000).split(separator: ",").map(String.init)
        default: items = []
        }
        var kept: [String] = []
        for item in items {
            let item = item.cleaned().cutShort(at: longest).trimmed
            guard !item.isEmpty, !Self.absent.contains(item.lowercased()), !kept.contains(item) else { continue }
            kept.append(item)
            if kept.count == most { break }
        }
        return kept
    }

    private static let absent: Set<String> = [
        "null", "none", "nil", "n/a", "na", "unknown", "not provided", "not mentioned", "not specified", "not stated",
        "not given", "unspecified", "undefined", "-", "–", "—", "?", "...",
    ]
}

extension String {
    /// At most `limit` Unicode scalars.
    package func cutShort(at limit: Int) -> String {
        guard utf8.count > limit, unicodeScalars.count > limit else { return self }
        return String(String.UnicodeScalarView(unicodeScalars.prefix(limit)))
    }

    /// `Estimate Request`, `estimateRequest` and `estimate-request` as `estimate_request`; empty when no letter is in it.
    var snakeCased: String {
        var result = ""
        var previousIsLower = false
        for scalar in unicodeScalars.prefix(200) {
            let isUpper = ("A"..."Z").contains(scalar)
            if isUpper || ("a"..."z").contains(scalar) || ("0"..."9").contains(scalar) {
                if isUpper, previousIsLower { result.append("_") }
                result.unicodeScalars.append(isUpper ? Unicode.Scalar(UInt8(scalar.value) + 32) : scalar)
                previousIsLower = !isUpper
            } else {
                if !result.isEmpty, !result.hasSuffix("_") { result.append("_") }
                previousIsLower = false
            }
        }
        while result.hasSuffix("_") { result.removeLast() }
        return String(result.prefix(64))
    }
}
