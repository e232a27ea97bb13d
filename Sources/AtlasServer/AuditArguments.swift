import AtlasCore
import JSON
import MCP

/// The arguments of a call as they are remembered: who and when, not what was written to them.
///
/// Phones and addresses stay, for they are what one looks for. Bodies become their length and the beginning of their SHA-256, by
/// which the same text can be told again; other long texts are cut; what may be a secret is left out.
enum AuditArguments {
    static let longestText = 120
    private static let mostItems = 50
    private static let deepest = 6
    private static let largest = 8192

    static func redacted(_ arguments: JSON.Object) -> JSON.Object {
        let kept = redacted(arguments, inBody: false, depth: 0)
        let octets = JSON.object(kept).bytes
        return octets.count <= largest ? kept : digest(octets, octets.count)
    }

    private static func redacted(_ object: JSON.Object, inBody: Bool, depth: Int) -> JSON.Object {
        var kept = JSON.Object()
        for member in object.members.prefix(mostItems) {
            let name = member.name
            let shown = name.cleaned().cutShort(at: 64)
            // Names that are the same when they are cut share a place; the last one has it.
            kept[shown] =
                isSecret(name)
                ? "(hidden)"
                : redacted(member.value, inBody: inBody || bodies.contains(name.lowercased()), depth: depth + 1)
        }
        return kept
    }

    private static func redacted(_ value: JSON, inBody: Bool, depth: Int) -> JSON {
        switch value {
        case .string(let text):
            if inBody { return .object(digest(Array(text.utf8), text.unicodeScalars.count)) }
            return .string(short(withoutSecrets(text.cleaned())))
        case .array(let items):
            guard depth < deepest else { return "(deeper)" }
            return .array(items.prefix(mostItems).map { redacted($0, inBody: inBody, depth: depth + 1) })
        case .object(let object):
            return depth < deepest ? .object(redacted(object, inBody: inBody, depth: depth)) : "(deeper)"
        default: return value
        }
    }

    /// The arguments of our tools that hold what somebody wrote or said, with all that is in them.
    static let bodies: Set<String> = [
        "body", "html_body", "text", "html", "message", "notes", "summary", "transcript", "content", "description",
        "scope", "scope_of_work", "introduction", "terms", "twiml", "reason", "instructions", "areas_to_clean",
        "cleaning_description",
    ]

    /// Whether a name, however it is written (`apiKey`, `X-API-Key`, `api_key`), is one of a secret.
    static func isSecret(_ name: String) -> Bool {
        let letters = String(
            String.UnicodeScalarView(name.lowercased().unicodeScalars.filter { ("a"..."z").contains($0) }))
        return secrets.contains { letters.contains($0) }
            || ["auth", "pin", "otp", "pwd", "cvv", "cvc"].contains(letters)
    }

    private static let secrets = [
        "password", "passwd", "passphrase", "passcode", "secret", "token", "credential", "authorization", "apikey",
        "privatekey", "accesskey", "cookie", "bearer", "signature",
    ]

    private static func digest(_ octets: [UInt8], _ characters: Int) -> JSON.Object {
        let hash = SHA256.hash(octets).prefix(8).map { octet in
            (octet < 16 ? "0" : "") + String(octet, radix: 16)
        }
        return ["characters": .integer(characters), "sha256": .string(hash.joined())]
    }

    private static func short(_ text: String) -> String {
        let count = text.unicodeScalars.count
        if count <= longestText { return text }
        return "\(text.cutShort(at: longestText))… (\(count) characters)"
    }

    /// Links carry keys in their query and fragment, and names with passwords before their host (RFC 3986, section 3): of each
    /// link in a text, these are left out.
    static func withoutSecrets(_ text: String) -> String {
        var kept = ""
        var rest = text[...]
        while let scheme = rest.firstRange(of: "://") {
            kept += rest[..<scheme.upperBound]
            let link = rest[scheme.upperBound...].prefix { !$0.isWhitespace }
            rest = rest[link.endIndex...]
            let path = link.prefix { $0 != "?" && $0 != "#" }
            // Up to the last @ of all, not only of what the standard calls the authority: parsers differ in where it ends.
            kept += path.lastIndex(of: "@").map { path[path.index(after: $0)...] } ?? path
            if path.endIndex != link.endIndex { kept += "?…" }
        }
        return kept + rest
    }
}
