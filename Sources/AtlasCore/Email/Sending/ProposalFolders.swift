import MIME

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The folders where the PDF of a client's proposal is found by the client's name.
struct ProposalFolders: Sendable {
    private let folders: [String]
    private let largest: Int

    /// How far it is looked for: folders in folders, entries of all.
    private static let deepest = 2
    private static let mostEntries = 10_000

    init(_ configuration: Configuration, largest: Int) {
        folders = configuration.folders(.proposalsDirs)
        self.largest = largest
    }

    var isEmpty: Bool { folders.isEmpty }

    /// The newest PDF whose name has the client's in it; nil when there is none.
    ///
    /// - Throws: ``AtlasError`` `invalid_argument` when it is too large.
    func proposal(for client: String) throws(AtlasError) -> OutgoingMail.Attachment? {
        let name = ClientName(client)
        guard !name.isEmpty else { return nil }
        var entries = 0
        var best: Found?
        for folder in folders.compactMap(LentFolder.init) {
            search(folder, for: name, &entries, &best)
        }
        guard let best, let file = best.steps.last else { return nil }
        switch best.folder.contents(of: best.steps, limit: largest) {
        case .octets(let octets):
            return OutgoingMail.Attachment(
                filename: file.cleaned().cutShort(at: 200), contentType: "application/pdf", octets: octets)
        case .tooLarge:
            throw AtlasError(
                .invalidArgument,
                "The proposal \(file.cleaned().cutShort(at: 100)) is larger than \(largest >> 20) MB "
                    + "(\(ConfigurationKey.largestAttachment.name)); nothing was sent.",
                parameter: "client_name")
        case .missing, .noFile: return nil
        }
    }

    private struct Found {
        let folder: LentFolder
        let steps: [String]
        let modified: Int

        /// Newer; of two of one moment always the same one.
        func isBetter(than other: Found) -> Bool {
            modified != other.modified ? modified > other.modified : steps.lexicographicallyPrecedes(other.steps)
        }
    }

    private func search(_ folder: LentFolder, for name: ClientName, _ entries: inout Int, _ best: inout Found?) {
        var pending: [[String]] = [[]]
        while let steps = pending.popLast() {
            guard let opened = folder.descriptor(of: steps, flags: O_RDONLY | O_DIRECTORY) else { continue }
            guard let listing = fdopendir(opened) else {
                close(opened)
                continue
            }
            defer { closedir(listing) }
            while let entry = readdir(listing) {
                let file = Self.name(of: entry)
                if file.hasPrefix(".") { continue }
                entries += 1
                guard entries <= Self.mostEntries else { return }
                var status = stat()
                guard fstatat(dirfd(listing), file, &status, AT_SYMLINK_NOFOLLOW) == 0 else { continue }
                switch status.st_mode & S_IFMT {
                case S_IFDIR where steps.count < Self.deepest: pending.append(steps + [file])
                case S_IFREG where file.lowercased().hasSuffix(".pdf") && name.isIn(String(file.dropLast(4))):
                    let modified = Self.modified(status)
                    let found = Found(folder: folder, steps: steps + [file], modified: modified)
                    if best.map({ found.isBetter(than: $0) }) ?? true { best = found }
                default: continue
                }
            }
        }
    }

    private static func name(of entry: UnsafeMutablePointer<dirent>) -> String {
        withUnsafePointer(to: &entry.pointee.d_name) { pointer in
            let size = MemoryLayout.size(ofValue: pointer.pointee)
            return pointer.withMemoryRebound(to: CChar.self, capacity: size) { String(cString: $0) }
        }
    }

    /// In nanoseconds.
    private static func modified(_ status: stat) -> Int {
        #if canImport(Darwin)
            let time = status.st_mtimespec
        #else
            let time = status.st_mtim
        #endif
        return time.tv_sec &* 1_000_000_000 &+ time.tv_nsec
    }
}

/// A client's name as files are named after it: case, accents, blanks and punctuation do not matter, but it stands in whole words, so
/// that Ann Lee is not found in `Joann Leeds.pdf`.
struct ClientName {
    private let letters: String

    init(_ name: String) { letters = Self.words(name).joined() }

    var isEmpty: Bool { letters.utf8.count < 2 }

    /// Whether some words of the file's name, one after the other, are the client's name.
    func isIn(_ file: String) -> Bool {
        let words = Self.words(file)
        for start in words.indices {
            var run = ""
            for word in words[start...] {
                run += word
                if run == letters { return true }
                guard run.utf8.count < letters.utf8.count else { break }
            }
        }
        return false
    }

    /// `AnnLee_2026` is three words: where small letters are followed by capitals, and letters by digits, a word begins.
    private static func words(_ text: String) -> [String] {
        var parted = String.UnicodeScalarView()
        var previous: Unicode.Scalar?
        for scalar in text.unicodeScalars.prefix(512) {
            if let previous, beginsWord(scalar, after: previous) { parted.append(" ") }
            parted.append(scalar)
            previous = scalar
        }
        return String(parted).folded.split(separator: " ").map(String.init)
    }

    private static func beginsWord(_ scalar: Unicode.Scalar, after previous: Unicode.Scalar) -> Bool {
        let (now, before) = (scalar.properties, previous.properties)
        if now.isUppercase && before.isLowercase { return true }
        let (isDigit, wasDigit) = (now.numericType != nil, before.numericType != nil)
        return isDigit != wasDigit && (isDigit ? before.isAlphabetic : now.isAlphabetic)
    }
}
