/// A URI with variables, RFC 6570 level 1: `atlas://contacts/{contact_id}`.
struct URITemplate: Sendable {
    private enum Part: Sendable, Equatable {
        case literal([UInt8])
        case variable(String)
    }

    let text: String
    private let parts: [Part]

    /// - Precondition: `text` is a literal of ours: braces in pairs, names of letters, digits and underscores, something between
    ///   two variables.
    init(_ text: String) {
        self.text = text
        var parts: [Part] = []
        var rest = Array(text.utf8)[...]
        while let open = rest.firstIndex(of: UInt8(ascii: "{")) {
            if open > rest.startIndex { parts.append(.literal(Array(rest[..<open]))) }
            guard let close = rest[open...].firstIndex(of: UInt8(ascii: "}")) else {
                preconditionFailure("A brace is not closed in the URI template \(text).")
            }
            if case .variable? = parts.last {
                preconditionFailure("Nothing separates two variables in the URI template \(text).")
            }
            parts.append(.variable(String(decoding: rest[(open + 1)..<close], as: UTF8.self)))
            rest = rest[(close + 1)...]
        }
        if !rest.isEmpty { parts.append(.literal(Array(rest))) }
        self.parts = parts
    }

    var variables: [String] {
        parts.compactMap { if case .variable(let name) = $0 { name } else { nil } }
    }

    /// Whether what a URI names contains the things this template names: `atlas://contacts` those of
    /// `atlas://contacts/{contact_id}`.
    func isInside(_ uri: String) -> Bool {
        guard case .literal(let start)? = parts.first else { return false }
        let outer = Array(uri.utf8)
        return !outer.isEmpty
            && start.starts(with: outer.last == UInt8(ascii: "/") ? outer : outer + [UInt8(ascii: "/")])
    }

    /// The values of the variables in a URI, percent-decoded, or `nil` if the URI is not of this form.
    ///
    /// A variable takes one or more characters up to the next `/`, `?` or `#`. What decodes to control characters, to a
    /// slash or to a path that climbs is refused, whatever the reader of the resource would make of it.
    func match(_ uri: String) -> [String: String]? {
        var values: [String: String] = [:]
        var rest = Array(uri.utf8)[...]
        for (index, part) in parts.enumerated() {
            switch part {
            case .literal(let literal):
                guard rest.starts(with: literal) else { return nil }
                rest = rest.dropFirst(literal.count)
            case .variable(let name):
                var end =
                    rest.firstIndex { [UInt8(ascii: "/"), UInt8(ascii: "?"), UInt8(ascii: "#")].contains($0) }
                    ?? rest.endIndex
                if index + 1 < parts.count, case .literal(let next) = parts[index + 1] {
                    guard let found = rest[..<end].firstIndex(of: next[0]) ?? (end < rest.endIndex ? end : nil) else {
                        return nil
                    }
                    end = found
                }
                guard let value = Self.decoded(rest[..<end]) else { return nil }
                values[name] = value
                rest = rest[end...]
            }
        }
        return rest.isEmpty ? values : nil
    }

    private static func decoded(_ octets: ArraySlice<UInt8>) -> String? {
        var result: [UInt8] = []
        var index = octets.startIndex
        while index < octets.endIndex {
            if octets[index] == UInt8(ascii: "%") {
                guard index + 2 < octets.endIndex,
                    let value = UInt8(String(decoding: octets[(index + 1)...(index + 2)], as: UTF8.self), radix: 16),
                    octets[index + 1] != UInt8(ascii: "+")
                else { return nil }
                result.append(value)
                index += 3
            } else {
                result.append(octets[index])
                index += 1
            }
        }
        guard !result.isEmpty, let text = String(validating: result, as: UTF8.self), text != ".", text != "..",
            !text.contains("/"), !text.contains("\\"),
            !text.unicodeScalars.contains(where: { $0.properties.generalCategory == .control })
        else { return nil }
        return text
    }

    /// Whether a text is an absolute URI (RFC 3986): a scheme, a colon, and only characters that may stand in one.
    static func isURI(_ text: String) -> Bool {
        let octets = Array(text.utf8)
        guard octets.count <= 2048, let colon = octets.firstIndex(of: UInt8(ascii: ":")), colon > 0,
            colon + 1 < octets.count, (octets[0] | 0x20) &- 0x61 < 26
        else { return false }
        let scheme = octets[..<colon].allSatisfy {
            ($0 | 0x20) &- 0x61 < 26 || $0 &- 0x30 < 10 || "+-.".utf8.contains($0)
        }
        return scheme && octets.allSatisfy { $0 > 0x20 && $0 < 0x7F && !"<>\"{}|\\^`".utf8.contains($0) }
    }
}
