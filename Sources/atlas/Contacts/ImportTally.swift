import AtlasCore
import JSON

/// What became of the rows of a file, counted, with the ones that a person should look at.
struct ImportTally: Sendable {
    private(set) var counts: [ContactEntryOutcome.Kind: Int] = [:]
    private(set) var rows = 0
    private(set) var repeats = 0
    private(set) var conflicts = 0
    private(set) var doubtful = 0
    /// Refused rows, those that say otherwise than what is known, and those that may be two contacts.
    private(set) var noteworthy: [ContactEntryOutcome] = []

    private static let mostNoteworthy = 1000
    private static let mostShown = 40

    var refused: Int { counts[.refused, default: 0] }

    mutating func add(_ outcomes: [ContactEntryOutcome]) {
        rows += outcomes.count
        for outcome in outcomes {
            counts[outcome.kind, default: 0] += 1
            if outcome.isRepeat { repeats += 1 }
            if !outcome.conflicts.isEmpty { conflicts += 1 }
            if !outcome.possibleDuplicates.isEmpty { doubtful += 1 }
            let isNoteworthy =
                outcome.kind == .refused || !outcome.conflicts.isEmpty || !outcome.possibleDuplicates.isEmpty
                || !outcome.warnings.isEmpty
            if isNoteworthy, noteworthy.count < Self.mostNoteworthy { noteworthy.append(outcome) }
        }
    }

    var interrupted: String {
        let done = rows == 0 ? "Nothing was" : "\(rows) rows were"
        return " \(done) imported for certain; the file can be imported again from its beginning."
    }

    func json(isDryRun: Bool) -> JSON {
        [
            "success": true, "dry_run": .bool(isDryRun), "rows": .integer(rows),
            "created": .integer(counts[.created, default: 0]),
            "updated": .integer(counts[.updated, default: 0]),
            "unchanged": .integer(counts[.unchanged, default: 0]), "refused": .integer(refused),
            "repeats": .integer(repeats), "with_conflicts": .integer(conflicts),
            "with_possible_duplicates": .integer(doubtful),
            "noteworthy": .array(noteworthy.map(\.json)),
        ]
    }

    func lines(isDryRun: Bool, hasReport: Bool) -> [String] {
        var lines = noteworthy.prefix(Self.mostShown).map(\.brief)
        let more = noteworthy.count - lines.count
        if more > 0 {
            lines.append(
                "… and \(more == Self.mostNoteworthy - Self.mostShown ? "at least " : "")\(more) more"
                    + (hasReport ? ", in the report." : "; --report FILE writes them all."))
        }
        let would = isDryRun ? "would be " : ""
        lines.append(
            "\(rows) \(rows == 1 ? "row" : "rows"): \(counts[.created, default: 0]) \(would)created, "
                + "\(counts[.updated, default: 0]) \(would)updated, \(counts[.unchanged, default: 0]) unchanged, "
                + "\(refused) refused.")
        if repeats > 0 { lines.append("\(repeats) of them are people who stand in the file more than once.") }
        if conflicts > 0 {
            lines.append(
                "\(conflicts) say something else than what was known, which stayed; theirs is kept in metadata.also_known_as."
            )
        }
        if doubtful > 0 { lines.append("\(doubtful) may be two contacts: merge_contacts makes them one.") }
        return lines
    }
}

extension ContactEntryOutcome {
    fileprivate var json: JSON {
        [
            "line": .integer(line), "name": .string(name), "outcome": .string(kind.rawValue),
            "contact_id": contact.map { .string($0.uuidString.lowercased()) } ?? .null,
            "matched_on": matchedOn.map { .string($0.rawValue) } ?? .null, "repeat": .bool(isRepeat),
            "conflicts": .array(
                conflicts.map { ["field": .string($0.field), "kept": .string($0.kept), "given": .string($0.given)] }),
            "possible_duplicates": .array(possibleDuplicates.map { .string($0.uuidString.lowercased()) }),
            "warnings": .array(warnings.map { .string($0) }), "reason": reason.map { .string($0) } ?? .null,
        ]
    }

    /// For people.
    fileprivate var brief: String {
        var text = "line \(self.line): \(name.cleaned()) "
        if let reason { return text + "is refused: \(reason)" }
        text += kind == .created ? "is new" : "is known\(matchedOn.map { " by \($0.rawValue)" } ?? "")"
        for conflict in conflicts {
            text += "; \(conflict.field) stays \"\(conflict.kept.cleaned())\", not \"\(conflict.given.cleaned())\""
        }
        if !possibleDuplicates.isEmpty {
            text +=
                "; may also be "
                + possibleDuplicates.prefix(3).map { $0.uuidString.lowercased() }.joined(separator: ", ")
        }
        for warning in warnings { text += "; \(warning)" }
        return text
    }
}
