import JSON

/// The revisions of the Model Context Protocol that we speak, oldest first.
///
/// The first four are chosen by `initialize` (the *legacy* era), the last one by every request for itself (the *modern* era).
public enum Revision: String, CaseIterable, Sendable, Comparable {
    case november2024 = "2024-11-05"
    case march2025 = "2025-03-26"
    case june2025 = "2025-06-18"
    case november2025 = "2025-11-25"
    case july2026 = "2026-07-28"

    /// What a client gets that asks for a revision we do not know.
    static let newestLegacy = november2025
    static let modern = july2026

    /// Whether a request carries its own revision and capabilities.
    public var isModern: Bool { self == .july2026 }

    public static func < (one: Revision, other: Revision) -> Bool { one.rawValue < other.rawValue }

    /// All of them, newest first, as the wire lists them.
    static let supported = JSON.array(allCases.reversed().map { .string($0.rawValue) })
}

// What each revision defines: the changelogs of the specification, as a table.
extension Revision {
    var hasBatches: Bool { self == .march2025 }
    var hasAnnotations: Bool { self >= .march2025 }
    var hasProgressMessages: Bool { self >= .march2025 }
    var hasCompletionCapability: Bool { self >= .march2025 }
    var hasTitles: Bool { self >= .june2025 }
    var hasStructuredContent: Bool { self >= .june2025 }
    var hasCompletionContext: Bool { self >= .june2025 }
    var hasElicitation: Bool { self >= .june2025 }
    /// Defaults of every kind, titled choices and several choices in a form.
    var hasRichForms: Bool { self >= .november2025 }
    var hasLastModified: Bool { self >= .june2025 }
}
