/// One change of one host's file.
struct Installation {
    enum Change {
        case entries([ServerEntry])
        case removal
    }

    struct Outcome {
        var isChange = false
        /// Of the servers put in or taken out.
        var names: [String] = []
        /// Entries that have our names and are somebody else's.
        var foreign: [String] = []
        var difference: [String] = []
        var backup: String?
    }

    let client: HostClient
    let file: String
    let servers: [ServerKind]
    let prefix: String

    /// - Throws: ``CommandFailure``; then the file is as it was.
    func perform(_ change: Change, dryRun: Bool) throws -> Outcome {
        let replacement = try FileReplacement(file)
        var outcome = Outcome()
        let new: [UInt8]?
        do {
            switch change {
            case .entries(let entries): new = try put(entries, replacement, &outcome)
            case .removal: new = try take(replacement, &outcome)
            }
        } catch let error as UnreadableDocument {
            throw CommandFailure(
                message: "\(file) was left alone: \(error.reason). Mend it, or have \(client.title) write it anew.")
        }
        let old = replacement.original
        outcome.isChange = new != old
        guard outcome.isChange else { return outcome }
        outcome.difference = LineDifference.lines(from: old ?? [], to: new ?? [])
        if !dryRun { outcome.backup = try new.map(replacement.replace) ?? replacement.remove() }
        return outcome
    }

    private func put(_ entries: [ServerEntry], _ replacement: FileReplacement, _ outcome: inout Outcome) throws
        -> [UInt8]
    {
        var document = try HostDocument(replacement.original ?? [], of: client)
        let before = document.text
        for entry in entries {
            let name = prefix + entry.server.rawValue
            if let command = try document.command(of: name), !isOurs(command, entry.server) {
                throw CommandFailure(
                    message:
                        "\(name) in \(file) is not Atlas's. Choose other names with --name-prefix, or remove it first.",
                    code: "conflict")
            }
            try document.put(entry, named: name)
            outcome.names.append(name)
        }
        // A file of blanks is no empty document, but nothing was put in that would make it one.
        return document.text == before && replacement.original != nil ? replacement.original ?? [] : document.text
    }

    /// - Returns: nil when nothing of anybody's would be left in a file that we made.
    private func take(_ replacement: FileReplacement, _ outcome: inout Outcome) throws -> [UInt8]? {
        guard let original = replacement.original else { return nil }
        var document = try HostDocument(original, of: client)
        // In reverse, so that each finds the text as it left it.
        for server in servers.reversed() {
            let name = prefix + server.rawValue
            guard let command = try document.command(of: name) else { continue }
            guard isOurs(command, server) else {
                outcome.foreign.append(name)
                continue
            }
            try document.take(name)
            outcome.names.insert(name, at: 0)
        }
        guard !outcome.names.isEmpty else { return original }
        try document.takeQuestions()
        // Whether an empty section, or the last line's end, was ours or theirs nobody can tell but the copy from before.
        var variants = try document.variantsWithoutEmptySections()
        if variants.last.map(String.init(octets:)) == "{}" { variants += Self.blanks(replacement.backups) }
        if client == .codex { variants += variants.map { Self.withoutLastLineEnd($0) } }
        let backups = replacement.backups
        if let known = backups.lazy.compactMap({ backup in variants.first { $0 == backup } }).first { return known }
        let tidy = client == .codex ? document.text : try document.variantsWithoutEmptySections().last ?? document.text
        return backups.isEmpty && ["{}", ""].contains(String(octets: tidy)) ? nil : tidy
    }

    private func isOurs(_ command: String, _ server: ServerKind) -> Bool { FilePaths.name(command) == server.product }

    private static func blanks(_ backups: [[UInt8]]) -> [[UInt8]] {
        backups.filter { String(octets: $0).isEmpty }
    }

    private static func withoutLastLineEnd(_ text: [UInt8]) -> [UInt8] {
        guard text.last == 0x0A else { return text }
        let shorter = text.dropLast()
        return Array(shorter.last == 0x0D ? shorter.dropLast() : shorter)
    }
}

extension String {
    /// Without blanks at both ends, and without a byte order mark.
    fileprivate init(octets: [UInt8]) {
        let text = octets.starts(with: [0xEF, 0xBB, 0xBF]) ? octets.dropFirst(3) : octets[...]
        self = String(decoding: text.filter { !JSONCScan.isBlank($0) }, as: UTF8.self)
    }
}
