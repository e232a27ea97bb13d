import AtlasCore
import JSON

#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// The person at the terminal, who answers what a tool asks (MCP, "Elicitation", form mode).
struct Person {
    /// Nil when nobody sits there.
    init?() {
        guard isatty(0) == 1, isatty(2) == 1 else { return nil }
    }

    /// Shows the form field by field. An empty line takes the default, and declines where there is none that must be.
    func answer(_ parameters: JSON) -> JSON {
        let console = Console()
        console.note((parameters["message"]?.text ?? "The tool asks:").cleaned(keepingLines: true))
        let schema = parameters["requestedSchema"]
        let required = (schema?["required"]?.items ?? []).compactMap(\.text)
        var content = JSON.Object()
        for field in schema?["properties"]?.object?.members ?? [] {
            let title = (field.value["title"]?.text ?? field.name).cleaned()
            ask("\(title)\(Self.choices(field.value)): ")
            guard let typed = readLine() else { return ["action": "cancel"] }
            let text = typed.trimmed
            if !text.isEmpty {
                guard let value = Self.value(text, field.value) else {
                    console.note("That is no answer to this, so nothing is done.")
                    return ["action": "decline"]
                }
                content[field.name] = value
            } else if let fallback = field.value["default"] {
                content[field.name] = fallback
            } else if required.contains(field.name) {
                return ["action": "decline"]
            }
        }
        return ["action": "accept", "content": .object(content)]
    }

    private func ask(_ text: String) {
        let octets = Array(text.utf8)
        _ = octets.withUnsafeBytes { writeOctets(2, $0.baseAddress, $0.count) }
    }

    private static func options(_ schema: JSON) -> [String] {
        if let choices = schema["enum"]?.items { return choices.compactMap(\.text) }
        return (schema["oneOf"]?.items ?? []).compactMap { $0["const"]?.text }
    }

    private static func choices(_ schema: JSON) -> String {
        if schema["type"]?.text == "boolean" { return " [y/n]" }
        let options = options(schema)
        return options.isEmpty ? "" : " [\(options.joined(separator: "/").cleaned())]"
    }

    private static func value(_ text: String, _ schema: JSON) -> JSON? {
        switch schema["type"]?.text {
        case "boolean":
            if ["y", "yes", "true", "1"].contains(text.lowercased()) { return true }
            return ["n", "no", "false", "0"].contains(text.lowercased()) ? false : nil
        case "integer": return Int(text).map { .integer($0) }
        case "number": return Double(text).flatMap { $0.isFinite ? .number($0) : nil }
        case "array": return .array(text.split(separator: ",").map { .string(String($0).trimmed) })
        default:
            let options = options(schema)
            return options.isEmpty || options.contains(text) ? .string(text) : nil
        }
    }
}
