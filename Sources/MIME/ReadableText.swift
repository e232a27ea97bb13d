/// What a person reads of a message: the best of its text parts.
public struct ReadableText: Sendable, Equatable {
    public enum Source: String, Sendable {
        case plain, html, calendar, none
    }

    /// The whole text, with what it quotes.
    public var text: String
    public var source: Source
    /// The text without the quoted history at its end.
    public var newText: String
    /// What could not be read, each a sentence.
    public var problems: [String]

    public init(text: String, source: Source, newText: String? = nil, problems: [String] = []) {
        self.text = text
        self.source = source
        self.newText = newText ?? text
        self.problems = problems
    }
}

/// A part that is handed over as a file.
public struct AttachedFile: Sendable, Equatable {
    /// The section of the part.
    public var section: String
    public var filename: String
    /// In lower case, like `application/pdf`.
    public var contentType: String
    /// Octets after decoding, as nearly as the size before it tells.
    public var size: Int

    public init(section: String, filename: String, contentType: String, size: Int) {
        self.section = section
        self.filename = filename
        self.contentType = contentType
        self.size = size
    }
}
