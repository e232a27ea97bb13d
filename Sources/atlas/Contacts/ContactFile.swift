import AtlasCore
import Synchronization

#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// The file that is imported, page by page.
final class ContactFile: Sendable {
    private enum Content {
        case table(CSVReader, ContactColumns)
        case cards([ContactEntry], next: Int)
    }

    /// A descriptor that is closed with the last who reads from it.
    private final class Descriptor: Sendable {
        let number: Int32
        let octets = Atomic(0)
        init(_ number: Int32) { self.number = number }
        deinit { if number > 2 { close(number) } }

        /// At most a megabyte of what comes next; none at the end.
        func read(from path: String) throws -> [UInt8] {
            do {
                let chunk = try DescriptorIO.read(1 << 20, from: number)
                octets.add(chunk.count, ordering: .relaxed)
                return chunk
            } catch {
                throw CommandFailure(message: "\(path) cannot be read: \(error).")
            }
        }
    }

    private static let largestAddressBook = 512 << 20

    /// In octets; nil when nobody knows, as of a pipe.
    let size: Int?
    private let descriptor: Descriptor
    private let content: Mutex<Content>

    init(_ command: ImportContactsCommand) throws {
        let path = command.file
        let format = try ContactFormat(command.format, path: path)
        let descriptor = Descriptor(path == "-" ? 0 : open(path, O_RDONLY | O_CLOEXEC))
        guard descriptor.number >= 0 else {
            throw CommandFailure(message: "\(path) cannot be read: \(SystemError.last).")
        }
        var status = stat()
        let isFile = fstat(descriptor.number, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
        size = isFile ? Int(status.st_size) : nil
        self.descriptor = descriptor
        switch format {
        case .csv:
            var reader = try CSVReader(separator: try Self.separator(command.separator)) {
                try descriptor.read(from: path)
            }
            guard let header = try reader.next() else { throw CommandFailure(message: "\(path) is empty.") }
            let columns = try ContactColumns(header: header.fields, chosen: try Self.chosen(command.map))
            content = Mutex(.table(reader, columns))
        case .vcf:
            var octets: [UInt8] = []
            while case let chunk = try descriptor.read(from: path), !chunk.isEmpty {
                octets += chunk
                guard octets.count <= Self.largestAddressBook else {
                    throw CommandFailure(message: "\(path) is larger than 512 MB; import it in parts.")
                }
            }
            content = Mutex(.cards(try VCardReader.entries(of: octets), next: 0))
        }
    }

    private static func separator(_ text: String?) throws -> Character? {
        guard let text else { return nil }
        if text == "tab" || text == "\\t" { return "\t" }
        guard text.count == 1, let character = text.first, character.isASCII, character != "\"", !character.isNewline
        else {
            throw CommandFailure.usage("--separator must be one ASCII character, or the word tab.")
        }
        return character
    }

    private static func chosen(_ map: [String]) throws -> [String: ContactColumns.Field?] {
        try map.reduce(into: [:]) { chosen, pair in
            let parts = pair.split(separator: "=", maxSplits: 1).map(String.init)
            let field = parts.first.flatMap(ContactColumns.Field.init(rawValue:))
            guard parts.count == 2, field != nil || parts[0] == "none" else {
                let names = ContactColumns.Field.allCases.map(\.rawValue).joined(separator: ", ")
                throw CommandFailure.usage(
                    "--map \(pair) must be FIELD=COLUMN, where FIELD is none or one of \(names).")
            }
            chosen[parts[1]] = .some(field)
        }
    }

    /// How many octets have been read.
    var octets: Int { descriptor.octets.load(ordering: .relaxed) }

    /// The next people; nil at the end.
    func page(_ count: Int, tags: [String], context: String?) throws -> [ContactEntry]? {
        var entries = try content.withLock { content -> [ContactEntry] in
            switch content {
            case .table(var reader, let columns):
                var entries: [ContactEntry] = []
                entries.reserveCapacity(count)
                while entries.count < count, let record = try reader.next() { entries.append(columns.entry(record)) }
                content = .table(reader, columns)
                return entries
            case .cards(let all, let next):
                let end = min(all.count, next + count)
                content = .cards(all, next: end)
                return Array(all[next..<end])
            }
        }
        if entries.isEmpty { return nil }
        if !tags.isEmpty || context != nil {
            for index in entries.indices {
                entries[index].draft.tags += tags
                if let context { entries[index].draft.businessContextID = context }
            }
        }
        return entries
    }
}
