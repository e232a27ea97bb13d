import AtlasCore
import Synchronization

#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// What became of each row, as a table. Readable by its owner alone, like the contacts.
final class ImportReportFile: Sendable {
    private let descriptor: Int32
    private let path: String

    init(path: String) throws {
        self.path = path
        descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw CommandFailure(message: "\(path) cannot be written: \(SystemError.last).")
        }
        try write(
            CSVWriter.row([
                "line", "name", "outcome", "contact_id", "matched_on", "repeat", "conflicts", "possible_duplicates",
                "reason",
            ]))
    }

    deinit { if descriptor >= 0 { close(descriptor) } }

    func write(_ outcomes: [ContactEntryOutcome]) throws {
        var text = ""
        for outcome in outcomes {
            let conflicts = outcome.conflicts.map { "\($0.field): \($0.kept) / \($0.given)" }
            let duplicates = outcome.possibleDuplicates.map { $0.uuidString.lowercased() }
            text += CSVWriter.row([
                String(outcome.line), outcome.name, outcome.kind.rawValue,
                outcome.contact?.uuidString.lowercased() ?? "",
                outcome.matchedOn?.rawValue ?? "", outcome.isRepeat ? "yes" : "", conflicts.joined(separator: "; "),
                duplicates.joined(separator: " "), outcome.reason ?? outcome.warnings.joined(separator: " "),
            ])
        }
        try write(text)
    }

    private func write(_ text: String) throws { try OutputFile.write(text, to: descriptor, path: path) }
}
