#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The id of an event in the database, `l.` and its row's, and for an occurrence which one.
struct LocalEventID: Sendable, Equatable {
    let row: UUID
    let occurrence: RecurrenceID?

    init(row: UUID, occurrence: RecurrenceID? = nil) {
        self.row = row
        self.occurrence = occurrence
    }

    /// - Returns: nil for what is none.
    init?(_ text: String) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 2 || parts.count == 3, parts[0] == "l", let row = UUID(canonical: String(parts[1])) else {
            return nil
        }
        self.row = row
        if parts.count == 3 {
            guard let occurrence = RecurrenceID(String(parts[2])) else { return nil }
            self.occurrence = occurrence
        } else {
            occurrence = nil
        }
    }

    var text: String { "l.\(row.uuidString.lowercased())" + (occurrence.map { ".\($0.text)" } ?? "") }
}
