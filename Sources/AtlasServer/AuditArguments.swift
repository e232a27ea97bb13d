import AtlasCore
import JSON
import MCP

/// The arguments of a call as they are remembered: who and when, not what was written to them.
///
/// Phones and addresses stay, for they are what one looks for. Bodies become their length and the beginning of their SHA-256, by
/// which the same text can be told again; other long texts are cut; what may be a secret is left out.
enum AuditArguments {
    private static let longestText = 120
    private static let mostItems = 50
    private static let largest = 8192

    static func redacted(_ arguments: JSON.Object) -> JSON.Object {
        let kept = redacted(arguments, depth: 0)
        let octets = JSON.object(kept).bytes
        return octets.count <= largest ? kept : digest(octets, octets.count)
    }

    private static func redacted(_ object: JSON.Object, depth: Int) -> JSON.Object {
        var kept = JSON.Object()
        for member in object.members.prefix(mostItems) {
            let name = String(member.name.cleaned().prefix(64))
            kept[name] = redacted(member.value, name: name.lowercased(), depth: depth + 1)
        }
        return kept
    }

    private static func redacted(_ value: JSON, name: String, depth: Int) -> JSON {
        if isSecret(name) { return "(hidden)" }
        switch value {
        case .string(let text):
            if bodies.contains(name) { return .object(digest(Array(text.utf8), text.unicodeScalars.count)) }
            return .string(short(withoutQuery(text.cleaned())))
        case .array(let items):
            guard depth < 6 else { return "(deeper)" }
            return .array(items.prefix(mostItems).map { redacted($0, name: name, depth: depth + 1) })
        case .object(let object): return depth < 6 ? .object(redacted(object, depth: depth)) : "(deeper)"
        default: return value
        }
    }

    /// The arguments of our tools that hold what somebody wrote or said.
    private static let bodies: Set<String> = [
        "body", "html_body", "text", "html", "message", "notes", "summary", "transcript", "content", "description",
        "scope", "scope_of_work", "introduction", "terms", "twiml", "reason", "instructions",
    ]

    private static func isSecret(_ name: String) -> Bool {
        ["password", "passwd", "secret", "token", "credential", "authorization", "api_key", "apikey"].contains {
            name.contains($0)
        }
    }

    private static func digest(_ octets: [UInt8], _ characters: Int) -> JSON.Object {
        let hash = SHA256.hash(octets).prefix(8).map { octet in
            (octet < 16 ? "0" : "") + String(octet, radix: 16)
        }
        return ["characters": .integer(characters), "sha256": .string(hash.joined())]
    }

    private static func short(_ text: String) -> String {
        text.count <= longestText ? text : "\(text.prefix(longestText))… (\(text.count) characters)"
    }

    /// Links carry keys in their query, and names with passwords before their host.
    private static func withoutQuery(_ text: String) -> String {
        guard let scheme = text.firstRange(of: "://") else { return text }
        var head = String(text[..<scheme.upperBound])
        var rest = text[scheme.upperBound...]
        let authority = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        if let at = authority.lastIndex(of: "@") { rest = rest[rest.index(after: at)...] }
        if let query = rest.firstIndex(where: { $0 == "?" || $0 == "#" }) {
            head += rest[..<query] + "?…"
        } else {
            head += rest
        }
        return head
    }
}
