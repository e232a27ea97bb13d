import AtlasCore
import JSON
import Mustache
import Synchronization

/// Fills Mustache templates. Each is parsed once.
public final class MustacheRenderer: TemplateRenderer {
    private let parsed = Mutex<[String: MustacheTemplate]>([:])

    public init() {}

    public func render(_ template: String, with values: JSON.Object, escapesHTML: Bool) throws -> String {
        // The first line decides what a value is escaped for; where a template says it itself, its own comes later and holds.
        let source = "{{%CONTENT_TYPE:\(escapesHTML ? "HTML" : "TEXT")}}" + template
        return try parsed(source).render(Self.plain(values))
    }

    private func parsed(_ source: String) throws -> MustacheTemplate {
        if let known = parsed.withLock({ $0[source] }) { return known }
        let template: MustacheTemplate
        do {
            template = try MustacheTemplate(string: source)
        } catch {
            throw AtlasError(
                .notConfigured, "A letter's template is no Mustache template: \(Self.words(error)). Mend the file.")
        }
        parsed.withLock { known in
            // Files that are being written give one template after the other.
            if known.count >= 64 { known.removeAll() }
            known[source] = template
        }
        return template
    }

    /// What is wrong, and in which line.
    private static func words(_ error: any Error) -> String {
        guard let wrong = error as? MustacheTemplate.ParserError else { return "it cannot be read" }
        return "\(wrong.error) in line \(wrong.context.lineNumber), \"\(wrong.context.line.prefix(80))\""
    }

    /// Null members are left out: a section of them is not shown.
    private static func plain(_ values: JSON.Object) -> [String: Any] {
        var plain: [String: Any] = [:]
        for member in values.members {
            if let value = Self.plain(member.value) { plain[member.name] = value }
        }
        return plain
    }

    private static func plain(_ value: JSON) -> Any? {
        switch value {
        case .null: nil
        case .bool(let flag): flag
        case .integer(let number): number
        case .number(let number): number
        case .string(let text): text
        case .array(let items): items.compactMap(plain)
        case .object(let object): plain(object)
        }
    }
}
