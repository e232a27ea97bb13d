import CTemplates
import JSON

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The templates of letters: those built in, and the operator's, which take their place file by file.
struct LetterTemplates: Sendable {
    /// `ATLAS_EMAIL_TEMPLATES_DIR`
    let folder: String?

    enum Part: String, CaseIterable { case subject, txt, html }

    /// A letter made from its templates.
    struct Letter: Sendable, Equatable {
        var subject: String
        var text: String
        /// nil where the operator's template for it is blank.
        var html: String?
    }

    /// Fills the three parts of a letter.
    ///
    /// - Parameter name: `estimate_business`
    /// - Throws: ``AtlasError`` `not_configured` when a template is none.
    func letter(_ name: String, values: JSON.Object, renderer: any TemplateRenderer) throws -> Letter {
        func part(_ part: Part) throws -> String {
            do {
                return try renderer.render(text(name, part), with: values, escapesHTML: part == .html)
            } catch let error as AtlasError where error.code == .notConfigured {
                throw AtlasError(.notConfigured, "\(Self.file(name, part)): \(error.message)")
            }
        }
        let html = try part(.html)
        // Its own line end does not belong to the subject, and what a value brings along is no second line.
        return Letter(
            subject: try part(.subject).cleaned(), text: try part(.txt),
            html: html.trimmed.isEmpty ? nil : html)
    }

    private func text(_ name: String, _ part: Part) throws(AtlasError) -> String {
        let file = Self.file(name, part)
        if let folder, let own = try Self.contents(of: folder + "/" + file) { return own }
        guard let builtIn = Self.builtIn[file] else {
            throw AtlasError(.internal, "There is no template \(file).")
        }
        return builtIn
    }

    private static func file(_ name: String, _ part: Part) -> String { "\(name).\(part.rawValue).mustache" }

    /// Those in the binary, by the names of their files.
    static let builtIn: [String: String] = {
        var templates: [String: String] = [:]
        for index in 0..<atlas_templates_count() {
            let file = atlas_templates_at(index)
            let octets = UnsafeBufferPointer(start: file.bytes, count: Int(file.count))
            templates[String(cString: file.name)] = String(decoding: octets, as: UTF8.self)
        }
        return templates
    }()

    private static let largest = 256 << 10

    /// - Returns: nil when there is no such file.
    private static func contents(of path: String) throws(AtlasError) -> String? {
        let file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        if file < 0, errno == ENOENT || errno == ENOTDIR { return nil }
        func wrong(_ words: String) -> AtlasError {
            AtlasError(
                .notConfigured,
                "The template \(path.cutShort(at: 200)) (\(ConfigurationKey.templatesDir.name)) \(words).")
        }
        guard file >= 0 else { throw wrong("cannot be read") }
        defer { close(file) }
        var octets = [UInt8](repeating: 0, count: largest + 1)
        var count = 0
        while count < octets.count {
            let taken = octets.withUnsafeMutableBytes {
                read(file, $0.baseAddress?.advanced(by: count), $0.count - count)
            }
            if taken < 0 { throw wrong("cannot be read") }
            if taken == 0 { break }
            count += taken
        }
        guard count <= largest else { throw wrong("is larger than \(largest >> 10) KB") }
        guard let text = String(validating: octets[..<count], as: UTF8.self) else { throw wrong("is not UTF-8") }
        return text
    }
}
