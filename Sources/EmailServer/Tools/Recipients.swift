import JSON
import MCP

/// Recipients as callers give them: a list, or one text with commas, which may stand in names in quotation marks.
struct Recipients: ParameterValue {
    /// One or several each.
    var texts: [String]

    init(texts: [String] = []) { self.texts = texts }

    static var schema: JSON.Object {
        ["type": "array", "items": ["type": "string", "maxLength": 1000], "maxItems": 100]
    }
    static var absent: Recipients? { nil }
    var json: JSON { texts.isEmpty ? .null : .array(texts.map(JSON.string)) }

    init(_ json: JSON) throws(InvalidArguments) {
        var texts: [String] = []
        for (index, item) in try Self.items(of: json).enumerated() {
            do {
                texts.append(try String(item))
            } catch {
                throw error.inside("[\(index)]")
            }
        }
        let octets = texts.reduce(0) { $0 + $1.utf8.count }
        guard texts.count <= 100, octets <= 20_000 else {
            throw InvalidArguments("must be at most 100 addresses, got \(texts.count) items of \(octets) octets")
        }
        self.texts = texts
    }

    private static func items(of json: JSON) throws(InvalidArguments) -> [JSON] {
        switch json {
        case .array(let items): return items
        case .string(let text):
            // Some hosts hand the list over as JSON in a string.
            if text.first == "[", let items = (try? JSON(parsing: text))?.items { return items }
            return [json]
        default: throw InvalidArguments("must be a list of addresses, got \(json.quoted)")
        }
    }
}
